package io.skerry.etcd.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.etcd.server.Seeds;
import io.skerry.etcd.server.VirtualTime;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.RandomCommands;
import io.skerry.etcd.server.store.StoreOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The watches of a member that follows a leader, in virtual time: fast, slow and resuming clients,
 * a dispatcher that lags, compactions, restarts, and snapshots that skip what was never applied
 * here.
 */
class WatchSimulationTest {
    private static final int MILLIS = 6_000;
    private static final int CLIENTS = 8;

    @TempDir Path directory;

    @Test
    void everyClientIsToldAllInOrderOnceAndWholeWhateverHappens() {
        Seeds.each(3, random -> new Simulation(random, directory).run());
    }

    private static final class Simulation {
        private final Random random;
        private final VirtualTime time;
        private final RandomCommands commands;
        private final Path file;
        private final List<List<ByteString>> log = new ArrayList<>();
        private final List<Change> happened = new ArrayList<>();
        private final List<SimulatedWatcher> clients = new ArrayList<>();
        private final EtcdStateMachine leader;
        private EtcdStateMachine follower;
        private WatchHub hub;
        private boolean beside;

        Simulation(Random random, Path directory) throws Exception {
            this.random = random;
            this.time = new VirtualTime(random);
            this.commands = new RandomCommands(random);
            var folder = Files.createTempDirectory(directory, "run");
            this.file = folder.resolve("follower");
            this.leader = EtcdStateMachine.open(folder.resolve("leader"), StoreOptions.DEFAULT);
            leader.listen(
                    new Listener() {
                        @Override
                        public void applied(List<Change> changes, long revision) {
                            happened.addAll(changes);
                        }

                        @Override
                        public void replaced(long revision) {}
                    });
            openFollower();
        }

        private void openFollower() throws Exception {
            follower = EtcdStateMachine.open(file, StoreOptions.DEFAULT);
            hub =
                    new WatchHub(
                            this::view,
                            revision ->
                                    ResponseHeader.newBuilder()
                                            .setRevision(revision)
                                            .build()
                                            .toByteString(),
                            follower.revision(),
                            pump -> time.within(10, pump::run));
            follower.listen(
                    new Listener() {
                        @Override
                        public void applied(List<Change> changes, long revision) {
                            hub.applied(changes, revision);
                        }

                        @Override
                        public void replaced(long revision) {
                            hub.replaced(revision);
                        }
                    });
        }

        /** Between a pump's view and what it does with it, the log and the dispatcher go on. */
        private ReadView view() {
            var view = follower.view();
            if (!hub.lock.isHeldByCurrentThread() && !beside && random.nextBoolean()) {
                beside = true;
                applyNext();
                hub.dispatchNext();
                beside = false;
            }
            return view;
        }

        void run() throws Exception {
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    var client = new SimulatedWatcher(range(i), happened);
                    clients.add(client);
                    client.resume(hub);
                    int pace = 1 + random.nextInt(i % 2 == 0 ? 10 : 300);
                    time.every(pace, () -> client.take(1 + random.nextInt(4), hub));
                    time.every(800, () -> client.resume(hub));
                    time.every(300, client::askForProgress);
                }
                time.every(6, this::propose);
                time.every(6, this::applyNext);
                time.every(8, () -> hub.dispatchNext());
                time.every(100, () -> hub.tellProgress());
                time.every(1_000, this::restart);
                time.every(700, this::skipBySnapshot);
                time.runUntil(MILLIS);
                settle();
                assertThat(clients).allMatch(SimulatedWatcher::complete);
                assertThat(clients.stream().mapToInt(SimulatedWatcher::told).sum()).isPositive();
                assertThat(clients.stream().mapToInt(SimulatedWatcher::bookmarks).sum())
                        .isPositive();
                assertThat(clients.stream().mapToInt(SimulatedWatcher::compacted).sum())
                        .isPositive();
            } finally {
                hub.close();
                follower.close();
                leader.close();
            }
        }

        private KeyRange range(int client) {
            var first = RandomCommands.key(client);
            return switch (client % 3) {
                case 0 -> KeyRange.of(first, ByteString.EMPTY);
                case 1 -> KeyRange.of(first, RandomCommands.key(11));
                default -> KeyRange.of(ByteString.copyFromUtf8("k"), ByteString.copyFromUtf8("l"));
            };
        }

        private void propose() {
            var batch = new ArrayList<ByteString>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                boolean compact = random.nextInt(150) == 0;
                batch.add(
                        (compact
                                        ? RandomCommands.compact(
                                                leader.revision() - random.nextInt(20))
                                        : commands.next(1))
                                .encode());
            }
            log.add(batch);
            leader.apply(log.size(), 1, batch);
        }

        private void applyNext() {
            int applied = (int) follower.appliedIndex();
            if (applied < log.size()) {
                follower.apply(applied + 1, 1, log.get(applied));
            }
        }

        private void restart() throws Exception {
            hub.close();
            follower.close();
            openFollower();
            clients.forEach(client -> client.resume(hub));
        }

        private void skipBySnapshot() throws Exception {
            if (follower.appliedIndex() < log.size()) {
                var image = new ByteArrayOutputStream();
                leader.writeSnapshot(image);
                follower.readSnapshot(new ByteArrayInputStream(image.toByteArray()));
            }
        }

        /** Nothing new happens; all that is on its way arrives. */
        private void settle() throws Exception {
            time.clear();
            while (follower.appliedIndex() < log.size()) {
                applyNext();
            }
            clients.forEach(client -> client.resume(hub));
            boolean busy = true;
            while (busy) {
                busy = hub.dispatchNext();
                busy |= time.step();
                for (var client : clients) {
                    busy |= !client.idle();
                    client.take(1, hub);
                }
            }
        }
    }

    /** Hears of changes only. */
    private abstract static class Listener implements ApplyListener {
        @Override
        public void leaseGranted(Lease lease) {}

        @Override
        public void leaseRevoked(long id) {}

        @Override
        public void leadership(long term, boolean leader) {}
    }
}
