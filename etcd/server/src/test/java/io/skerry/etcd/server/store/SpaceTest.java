package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.PutRequest;
import java.nio.file.Path;
import java.util.List;
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
                apply(
                        store,
                        new Command.Put(
                                PutRequest.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("big" + i))
                                        .setValue(ByteString.copyFrom(new byte[1 << 20]))
                                        .build()));
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

    private void apply(EtcdStateMachine store, Command command) {
        store.apply(++index, 1, List.of(command.encode()));
    }
}
