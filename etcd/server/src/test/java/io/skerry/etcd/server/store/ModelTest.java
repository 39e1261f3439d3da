package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.etcd.server.Seeds;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyVersion;
import io.skerry.etcd.server.store.NaiveStore.Happening;
import io.skerry.etcd.server.store.NaiveStore.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
    private static final StoreOptions SMALL = new StoreOptions(1, 20_000);

    @TempDir Path directory;

    @Test
    void behavesLikeTheNaiveStoreThroughRestartsCrashesAndSnapshots() {
        Seeds.each(
                4,
                random -> {
                    try (var run = new Run(random, Files.createTempDirectory(directory, "run"))) {
                        run.go(600);
                    }
                });
    }

    /** One random history. */
    private static final class Run implements AutoCloseable {
        private final Random random;
        private final Path directory;
        private final NaiveStore model = new NaiveStore();
        private final List<ByteString> log = new ArrayList<>();
        private EtcdStateMachine store;
        private int files;

        Run(Random random, Path directory) throws Exception {
            this.random = random;
            this.directory = directory;
            this.store = EtcdStateMachine.open(directory.resolve("store-0"), SMALL);
        }

        void go(int steps) throws Exception {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(40)) {
                    case 0 -> restart();
                    case 1 -> crash();
                    case 2 -> installSnapshot();
                    case 3 -> compact();
                    case 4, 5 -> grant();
                    case 6 -> revoke();
                    case 7, 8, 9 -> deleteRange();
                    case 10, 11, 12, 13, 14 -> txn();
                    default -> put();
                }
                check();
            }
            store.awaitCompacted(model.compacted);
            checkHistory();
        }

        private CommandResult apply(Command command) {
            log.add(command.encode());
            return store.apply(log.size(), 1, List.of(log.getLast())).getFirst();
        }

        private void put() {
            var key = key();
            var row = new Row(key, value(), 0, 0, 0, lease());
            var request =
                    PutRequest.newBuilder()
                            .setKey(bytes(key))
                            .setValue(bytes(row.value()))
                            .setLease(row.lease())
                            .build();
            assertThat(apply(new Command.Put(request)).code()).isEqualTo(GrpcCode.OK);
            var writes = new LinkedHashMap<String, @Nullable Row>();
            writes.put(key, row);
            model.write(writes);
        }

        private void deleteRange() {
            var from = key();
            var to = key();
            var request =
                    DeleteRangeRequest.newBuilder().setKey(bytes(from)).setRangeEnd(bytes(to));
            assertThat(apply(new Command.DeleteRange(request.build())).code())
                    .isEqualTo(GrpcCode.OK);
            var writes = new LinkedHashMap<String, @Nullable Row>();
            if (from.compareTo(to) < 0) {
                model.now().subMap(from, to).keySet().forEach(key -> writes.put(key, null));
            }
            model.write(writes);
        }

        private void txn() {
            var writes = new LinkedHashMap<String, @Nullable Row>();
            var request = TxnRequest.newBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                var key = key();
                if (writes.containsKey(key)) {
                    continue;
                }
                if (random.nextInt(3) == 0) {
                    writes.put(key, null);
                    request.addSuccess(
                            RequestOp.newBuilder()
                                    .setRequestDeleteRange(
                                            DeleteRangeRequest.newBuilder().setKey(bytes(key))));
                } else {
                    var row = new Row(key, value(), 0, 0, 0, lease());
                    writes.put(key, row);
                    request.addSuccess(
                            RequestOp.newBuilder()
                                    .setRequestPut(
                                            PutRequest.newBuilder()
                                                    .setKey(bytes(key))
                                                    .setValue(bytes(row.value()))
                                                    .setLease(row.lease())));
                }
            }
            assertThat(apply(new Command.Txn(request.build())).code()).isEqualTo(GrpcCode.OK);
            model.write(writes);
        }

        private void compact() {
            long revision = random.nextLong(model.revision() + 3);
            var result =
                    apply(
                            new Command.Compact(
                                    CompactionRequest.newBuilder().setRevision(revision).build()));
            boolean possible = revision > model.compacted && revision <= model.revision();
            assertThat(result.code()).isEqualTo(possible ? GrpcCode.OK : GrpcCode.OUT_OF_RANGE);
            if (possible) {
                model.compacted = revision;
            }
        }

        private void grant() {
            long id = 1L + random.nextInt(8);
            var result =
                    apply(
                            new Command.LeaseGrant(
                                    LeaseGrantRequest.newBuilder().setID(id).setTTL(60).build()));
            boolean isNew = model.leases.putIfAbsent(id, new TreeSet<>()) == null;
            assertThat(result.code()).isEqualTo(isNew ? GrpcCode.OK : GrpcCode.FAILED_PRECONDITION);
        }

        private void revoke() {
            long id = 1L + random.nextInt(8);
            var result =
                    apply(
                            new Command.LeaseRevoke(
                                    LeaseRevokeRequest.newBuilder().setID(id).build()));
            var keys = model.leases.get(id);
            assertThat(result.code()).isEqualTo(keys == null ? GrpcCode.NOT_FOUND : GrpcCode.OK);
            if (keys != null) {
                var writes = new LinkedHashMap<String, @Nullable Row>();
                List.copyOf(keys).forEach(key -> writes.put(key, null));
                model.write(writes);
                model.leases.remove(id);
            }
        }

        private void restart() throws Exception {
            store.close();
            store = EtcdStateMachine.open(directory.resolve("store-" + files), SMALL);
            assertThat(store.appliedIndex()).isEqualTo(log.size());
        }

        /** The file as it lies there now goes on; the log gives again what is missing. */
        private void crash() throws Exception {
            if (random.nextBoolean()) {
                store.flush();
            }
            var copy = directory.resolve("store-" + (files + 1));
            var file = directory.resolve("store-" + files);
            store.whileNotCommitting(() -> Files.copy(file, copy));
            store.close();
            files++;
            store = EtcdStateMachine.open(copy, SMALL);
            replay();
        }

        private void replay() {
            for (int i = (int) store.appliedIndex(); i < log.size(); i++) {
                store.apply(i + 1, 1, List.of(log.get(i)));
            }
        }

        private void installSnapshot() throws Exception {
            var image = new ByteArrayOutputStream();
            store.writeSnapshot(image);
            store.close();
            files++;
            store = EtcdStateMachine.open(directory.resolve("store-" + files), SMALL);
            var damaged = image.toByteArray();
            damaged[random.nextInt(damaged.length)] ^= 1;
            assertThatThrownBy(() -> store.readSnapshot(new ByteArrayInputStream(damaged)))
                    .isInstanceOf(Exception.class);
            store.readSnapshot(new ByteArrayInputStream(image.toByteArray()));
            assertThat(store.appliedIndex()).isEqualTo(log.size());
        }

        private void check() throws Exception {
            var view = store.view();
            try {
                assertThat(view.revision()).isEqualTo(model.revision());
                long revision = random.nextLong(model.revision() + 2);
                var from = key();
                var to = random.nextInt(4) == 0 ? null : key();
                var request =
                        RangeRequest.newBuilder()
                                .setKey(bytes(from))
                                .setRangeEnd(to == null ? bytes("\0") : bytes(to))
                                .setRevision(revision)
                                .setLimit(random.nextInt(6))
                                .build();
                long at = revision == 0 ? model.revision() : revision;
                if (at > model.revision() || at < model.compacted) {
                    assertThatThrownBy(() -> RangeAnswer.read(view, request))
                            .isInstanceOf(RefusedException.class);
                    return;
                }
                var expected =
                        to != null && from.compareTo(to) >= 0
                                ? new TreeMap<String, Row>()
                                : model.at(at, from, to);
                var answer = RangeAnswer.read(view, request);
                assertThat(answer.count()).isEqualTo(expected.size());
                long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
                assertThat(answer.rows().stream().map(Run::row).toList())
                        .isEqualTo(expected.values().stream().limit(limit).toList());
                assertThat(answer.more()).isEqualTo(expected.size() > limit);
                for (long lease : model.leases.keySet()) {
                    assertThat(view.keysOf(lease).stream().map(Run::text).toList())
                            .isEqualTo(List.copyOf(model.keysOf(lease)));
                }
            } finally {
                view.release();
            }
        }

        private void checkHistory() {
            var view = store.view();
            try {
                var changes = new ArrayList<Change>();
                view.changes(model.compacted, changes::add);
                var expected =
                        model.happenings.stream()
                                .filter(happening -> happening.revision() >= model.compacted)
                                .map(happening ->
                                        happening.revision() > model.compacted
                                                ? happening
                                                : new Happening(
                                                        happening.revision(),
                                                        happening.key(),
                                                        happening.now(),
                                                        null))
                                .toList();
                assertThat(
                                changes.stream()
                                        .map(change ->
                                                new Happening(
                                                        change.revision(),
                                                        text(change.key()),
                                                        nullableRow(change.now()),
                                                        nullableRow(change.before())))
                                        .toList())
                        .isEqualTo(expected);
            } finally {
                view.release();
            }
        }

        private static @Nullable Row nullableRow(@Nullable KeyVersion version) {
            return version == null ? null : row(version);
        }

        private static Row row(KeyVersion version) {
            return new Row(
                    text(version.key()),
                    text(version.value()),
                    version.createRevision(),
                    version.modRevision(),
                    version.version(),
                    version.lease());
        }

        private String key() {
            return switch (random.nextInt(3)) {
                case 0 -> "k" + (char) random.nextInt(3);
                case 1 -> "k" + (char) random.nextInt(3) + (char) random.nextInt(3);
                default -> "k" + (char) ('a' + random.nextInt(12));
            };
        }

        private String value() {
            return Long.toString(random.nextLong(), 36).repeat(random.nextInt(20));
        }

        private long lease() {
            if (random.nextInt(3) > 0 || model.leases.isEmpty()) {
                return 0;
            }
            var ids = List.copyOf(new TreeSet<>(model.leases.keySet()));
            return ids.get(random.nextInt(ids.size()));
        }

        private static ByteString bytes(String text) {
            return ByteString.copyFromUtf8(text);
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            store.close();
        }
    }
}
