package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.PutRequest;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.ReadView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceTest {
    @TempDir private Path directory;
    private long index;

    @Test
    void smallThingsThatStayDoNotKeepTheSpaceOfLargeOnesWrittenWithThem() throws Exception {
        try (var store = EtcdStateMachine.open(directory.resolve("store"), StoreOptions.DEFAULT)) {
            apply(
                    store,
                    new Command.LeaseGrant(
                            LeaseGrantRequest.newBuilder().setID(7).setTTL(600).build()));
            for (int i = 0; i < 10; i++) {
                apply(store, put("big" + i, 1 << 20));
            }
            // All of it in one commit.
            store.flush();
            assertThat(store.fileBytes()).isGreaterThan(10 << 20);
            apply(
                    store,
                    new Command.DeleteRange(
                            DeleteRangeRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("big"))
                                    .setRangeEnd(ByteString.copyFromUtf8("bih"))
                                    .build()));
            apply(
                    store,
                    new Command.Compact(
                            CompactionRequest.newBuilder().setRevision(store.revision()).build()));
            store.awaitCompacted(store.revision());

            store.defragment();

            assertThat(store.fileBytes()).isLessThan(1 << 20);
            assertThat(store.lease(7)).isNotNull();
        }
    }

    @Test
    void defragmentationEndsBesideAReaderAndGivesSpaceBackOnceItIsThrough() throws Exception {
        try (var store = EtcdStateMachine.open(directory.resolve("store"), StoreOptions.DEFAULT)) {
            for (int i = 0; i < 10; i++) {
                apply(store, put("big" + i, 1 << 20));
                store.flush();
            }
            ReadView reader = store.view();
            StoreImage backup = store.image();
            apply(
                    store,
                    new Command.DeleteRange(
                            DeleteRangeRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("big"))
                                    .setRangeEnd(ByteString.copyFromUtf8("bih"))
                                    .build()));
            apply(
                    store,
                    new Command.Compact(
                            CompactionRequest.newBuilder().setRevision(store.revision()).build()));
            store.awaitCompacted(store.revision());

            CompletableFuture.runAsync(() -> defragment(store)).get(60, TimeUnit.SECONDS);

            assertThat(store.fileBytes()).isGreaterThan(10 << 20);
            var seen = new ArrayList<Integer>();
            reader.scan(KeyRange.all(), false, version -> seen.add(version.valueBytes()));
            assertThat(seen).hasSize(10).containsOnly(1 << 20);
            reader.release();
            var copy = new ByteArrayOutputStream();
            backup.write(copy);
            assertThat(copy.size()).isGreaterThan(10 << 20);
            backup.close();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (store.fileBytes() >= 1 << 20 && System.nanoTime() - until < 0) {
                store.defragment();
            }
            assertThat(store.fileBytes()).isLessThan(1 << 20);
        }
    }

    @Test
    void whatACompactionFreesGoesBackToTheDiskByItself() throws Exception {
        try (var store = EtcdStateMachine.open(directory.resolve("store"), StoreOptions.DEFAULT)) {
            for (int i = 0; i < 120; i++) {
                apply(store, put("big", 1 << 20));
            }
            store.flush();
            assertThat(store.fileBytes()).isGreaterThan(100 << 20);

            apply(
                    store,
                    new Command.Compact(
                            CompactionRequest.newBuilder().setRevision(store.revision()).build()));

            // What the key still holds and the small puts of the time it takes.
            long held = 4 << 20;
            // So much may stay free, and the end of the file moves by a step at a time.
            long most = held + held / 8 + (16 << 20) + ShrinkStep.LEAST_BYTES;
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (store.fileBytes() > most && System.nanoTime() - until < 0) {
                apply(store, put("small", 10));
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(store.fileBytes()).isLessThanOrEqualTo(most);
        }
    }

    private static void defragment(EtcdStateMachine store) {
        try {
            store.defragment();
        } catch (IOException | RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static Command put(String key, int bytes) {
        return new Command.Put(
                PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFrom(new byte[bytes]))
                        .build());
    }

    private void apply(EtcdStateMachine store, Command command) {
        store.apply(++index, 1, List.of(command.encode()));
    }
}
