package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Commands as clients and leaders propose them, sensible or not, on few keys and leases. */
public final class RandomCommands {
    private static final int KEYS = 12;
    private static final int LEASES = 6;

    private final Random random;

    /** All chance comes from the given source. */
    public RandomCommands(Random random) {
        this.random = random;
    }

    /**
     * The next one.
     *
     * @param term in which it is proposed
     */
    public Command next(long term) {
        return switch (random.nextInt(20)) {
            case 0, 1 ->
                    new Command.LeaseGrant(
                            LeaseGrantRequest.newBuilder().setID(lease()).setTTL(60).build());
            case 2 ->
                    new Command.LeaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease()).build());
            // Now and then of a leader that leads no longer, which is void.
            case 3 -> new Command.LeaseExpire(term - random.nextInt(2), List.of(lease(), lease()));
            case 4 -> new Command.LeaseCheckpoint(term, Map.of(lease(), 30L));
            case 5, 6, 7 ->
                    new Command.DeleteRange(
                            DeleteRangeRequest.newBuilder()
                                    .setKey(key())
                                    .setRangeEnd(key())
                                    .build());
            case 8, 9, 10 -> txn();
            default -> new Command.Put(put());
        };
    }

    /** A compaction up to a revision. */
    public static Command compact(long revision) {
        return new Command.Compact(CompactionRequest.newBuilder().setRevision(revision).build());
    }

    private Command txn() {
        var txn = TxnRequest.newBuilder();
        int first = random.nextInt(KEYS);
        for (int i = random.nextInt(4); i >= 0; i--) {
            var key = key(first + i);
            if (random.nextInt(3) == 0) {
                txn.addSuccess(
                        RequestOp.newBuilder()
                                .setRequestDeleteRange(
                                        DeleteRangeRequest.newBuilder().setKey(key)));
            } else {
                txn.addSuccess(RequestOp.newBuilder().setRequestPut(put().toBuilder().setKey(key)));
            }
        }
        return new Command.Txn(txn.build());
    }

    private PutRequest put() {
        return PutRequest.newBuilder()
                .setKey(key())
                .setValue(ByteString.copyFromUtf8(Long.toString(random.nextLong(), 36)))
                .setLease(random.nextInt(4) == 0 ? lease() : 0)
                .build();
    }

    private long lease() {
        return 1L + random.nextInt(LEASES);
    }

    private ByteString key() {
        return key(random.nextInt(KEYS));
    }

    /** One of the few keys. */
    public static ByteString key(int number) {
        return ByteString.copyFromUtf8("k" + (char) ('a' + number % KEYS));
    }
}
