package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.etcd.server.Seeds;
import io.skerry.etcd.server.VirtualTime;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.ContentHash;
import io.skerry.etcd.server.mvcc.KeyRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several members that apply the same commands in virtual time, each in batches of its own, and are
 * restarted, crash, and take each other's snapshots: what they answer depends on the commands
 * alone.
 */
class ReplicaSimulationTest {
    private static final int REPLICAS = 3;
    private static final int COMMANDS = 1_500;
    private static final StoreOptions SMALL = new StoreOptions(1, 20_000);

    @TempDir Path directory;

    @Test
    void membersAgreeHoweverTheCommandsWereBatchedAndWhateverHappenedToThem() {
        Seeds.each(3, random -> new Simulation(random, directory).run());
    }

    private record Logged(long term, ByteString command) {}

    /** What a member is after so many commands. */
    private record State(long revision, long compacted, ContentHash hash, List<Lease> leases) {}

    private static final class Simulation {
        private final Random random;
        private final Path directory;
        private final VirtualTime time;
        private final List<Logged> log = new ArrayList<>();
        private final Map<Long, State> states = new HashMap<>();
        private final List<Replica> replicas = new ArrayList<>();

        Simulation(Random random, Path directory) throws Exception {
            this.random = random;
            this.directory = Files.createTempDirectory(directory, "run");
            this.time = new VirtualTime(random);
            var commands = new RandomCommands(random);
            long term = 2;
            for (int i = 0; i < COMMANDS; i++) {
                term += random.nextInt(50) == 0 ? 1 : 0;
                var command =
                        random.nextInt(60) == 0
                                ? RandomCommands.compact(random.nextLong(1 + i / 2))
                                : commands.next(term);
                log.add(new Logged(term, command.encode()));
            }
        }

        void run() throws Exception {
            for (int i = 0; i < REPLICAS; i++) {
                replicas.add(new Replica(i));
            }
            try {
                for (var replica : replicas) {
                    time.every(20, replica::applyBatch);
                    time.every(900, replica::restart);
                    time.every(900, replica::crash);
                    time.every(1_200, replica::takeSnapshotOfAnother);
                }
                while (replicas.stream().anyMatch(replica -> replica.applied() < COMMANDS)) {
                    time.step();
                }
                agreeOnEveryRevision();
            } finally {
                for (var replica : replicas) {
                    replica.store.close();
                }
            }
        }

        private void agreeOnEveryRevision() throws Exception {
            var first = replicas.getFirst().store;
            var view = first.view();
            long newest = view.revision();
            long oldest = Math.max(1, view.compactRevision());
            view.release();
            for (long revision = oldest; revision <= newest; revision++) {
                var expected = replicas.getFirst().read(revision);
                for (var replica : replicas) {
                    assertThat(replica.read(revision)).isEqualTo(expected);
                }
            }
        }

        private final class Replica {
            private final int number;
            private EtcdStateMachine store;
            private int files;

            Replica(int number) throws Exception {
                this.number = number;
                this.store = EtcdStateMachine.open(file(), SMALL);
            }

            private Path file() {
                return directory.resolve("store-" + number + "-" + files);
            }

            long applied() {
                return store.appliedIndex();
            }

            /** The index of an entry is the number of its last command. */
            void applyBatch() throws Exception {
                int from = (int) applied();
                int to = from;
                int most = 1 + random.nextInt(random.nextInt(8) == 0 ? 60 : 6);
                var batch = new ArrayList<ByteString>();
                while (to < COMMANDS
                        && to < from + most
                        && log.get(to).term() == log.get(from).term()) {
                    batch.add(log.get(to++).command());
                }
                if (!batch.isEmpty()) {
                    store.apply(to, log.get(from).term(), batch);
                    compare();
                }
            }

            /** With what another was after as many commands. */
            private void compare() throws Exception {
                var state = state();
                var other = states.putIfAbsent(applied(), state);
                assertThat(state).isEqualTo(other == null ? state : other);
            }

            private State state() throws Exception {
                var view = store.view();
                try {
                    return new State(
                            view.revision(),
                            view.compactRevision(),
                            store.contentHash(0),
                            store.leases().stream()
                                    .sorted(Comparator.comparingLong(Lease::id))
                                    .toList());
                } finally {
                    view.release();
                }
            }

            List<String> read(long revision) {
                var view = store.view();
                try {
                    var all =
                            KeyRange.of(ByteString.copyFromUtf8("k"), ByteString.copyFromUtf8("l"));
                    return view.at(all, revision).stream()
                            .map(row ->
                                    new String(row.key(), StandardCharsets.UTF_8)
                                            + "="
                                            + new String(row.value(), StandardCharsets.UTF_8)
                                            + " "
                                            + row.createRevision()
                                            + " "
                                            + row.modRevision()
                                            + " "
                                            + row.version()
                                            + " "
                                            + row.lease())
                            .toList();
                } finally {
                    view.release();
                }
            }

            void restart() throws Exception {
                long applied = applied();
                store.close();
                store = EtcdStateMachine.open(file(), SMALL);
                assertThat(applied()).isEqualTo(applied);
                compare();
            }

            /** The file goes on as it lies there; the log gives again what is missing. */
            void crash() throws Exception {
                long was = applied();
                var before = file();
                files++;
                store.whileNotCommitting(() -> Files.copy(before, file()));
                store.close();
                store = EtcdStateMachine.open(file(), SMALL);
                // How much is missing depends on when it last committed, which takes real time: so
                // that a seed repeats all else, it comes at once and by itself.
                while (applied() < was) {
                    Logged next = log.get((int) applied());
                    store.apply(applied() + 1, next.term(), List.of(next.command()));
                    compare();
                }
            }

            void takeSnapshotOfAnother() throws Exception {
                var other = replicas.get(random.nextInt(REPLICAS));
                if (other.applied() <= applied()) {
                    return;
                }
                var image = new ByteArrayOutputStream();
                other.store.writeSnapshot(image);
                store.readSnapshot(new ByteArrayInputStream(image.toByteArray()));
                assertThat(applied()).isEqualTo(other.applied());
                compare();
            }
        }
    }
}
