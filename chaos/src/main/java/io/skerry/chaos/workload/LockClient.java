package io.skerry.chaos.workload;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import java.util.OptionalLong;

/**
 * Waits for a lock as etcd's recipe has it, a key on a lease whose oldest holds the lock, and
 * writes under it. Each write is guarded by the client's key being there and carries its token, the
 * revision at which that key was made.
 */
final class LockClient implements Workload.Runner {
    private static final long TTL_SECONDS = 3;
    private static final long RENEWAL_NANOS = 1_000_000_000;
    private static final int LONGEST_HOLD = 6;

    private long lastRenewal;

    /** For {@link Workload}. */
    LockClient() {}

    @Override
    public void run(ClientContext context) throws InterruptedException {
        while (!context.stopped()) {
            try {
                once(context);
            } catch (GrpcException e) {
                // Whatever it had is given back when its lease expires.
            }
            context.pause();
        }
    }

    private void once(ClientContext context) throws GrpcException, InterruptedException {
        lastRenewal = context.now();
        long lease = Leases.grant(context, TTL_SECONDS).id();
        String key = WorkloadKeys.LOCK_QUEUE + Long.toHexString(lease);
        long token = enqueue(context, key, lease);
        while (!oldest(context, token)) {
            if (context.stopped() || !alive(context, lease)) {
                return;
            }
            context.pause();
        }
        int writes = 1 + context.random().nextInt(LONGEST_HOLD);
        for (int i = 0; i < writes && alive(context, lease); i++) {
            if (!write(context, key, token)) {
                return;
            }
            context.pause();
        }
        context.call(
                EtcdMethods.DELETE_RANGE,
                io.etcd.jetcd.api.DeleteRangeRequest.newBuilder()
                        .setKey(Messages.bytes(key))
                        .build());
    }

    private static long enqueue(ClientContext context, String key, long lease)
            throws GrpcException, InterruptedException {
        var put =
                PutRequest.newBuilder()
                        .setKey(Messages.bytes(key))
                        .setValue(Messages.bytes(key))
                        .setLease(lease);
        return context.call(
                        EtcdMethods.TXN,
                        TxnRequest.newBuilder()
                                .addCompare(Messages.created(key, 0))
                                .addSuccess(RequestOp.newBuilder().setRequestPut(put))
                                .build())
                .getHeader()
                .getRevision();
    }

    private static boolean oldest(ClientContext context, long token)
            throws GrpcException, InterruptedException {
        var request =
                RangeRequest.newBuilder()
                        .setKey(Messages.bytes(WorkloadKeys.LOCK_QUEUE))
                        .setRangeEnd(Messages.end(WorkloadKeys.LOCK_QUEUE))
                        .setSortTarget(RangeRequest.SortTarget.CREATE)
                        .setSortOrder(RangeRequest.SortOrder.ASCEND)
                        .setLimit(1)
                        .build();
        var first = context.call(EtcdMethods.RANGE, request).getKvsList();
        return !first.isEmpty() && first.getFirst().getCreateRevision() == token;
    }

    private boolean alive(ClientContext context, long lease) throws InterruptedException {
        if (context.now() - lastRenewal < RENEWAL_NANOS) {
            return true;
        }
        lastRenewal = context.now();
        OptionalLong ttl = Leases.renew(context, lease);
        // Without an answer it goes on as if it held the lock: the guard must hold it back.
        return ttl.isEmpty() || ttl.getAsLong() > 0;
    }

    private static boolean write(ClientContext context, String key, long token)
            throws GrpcException, InterruptedException {
        ByteString value = Messages.bytes(token + ":" + context.newValue());
        var put =
                PutRequest.newBuilder()
                        .setKey(Messages.bytes(WorkloadKeys.LOCK_FENCE))
                        .setValue(value);
        return context.call(
                        EtcdMethods.TXN,
                        TxnRequest.newBuilder()
                                .addCompare(Messages.created(key, token))
                                .addSuccess(RequestOp.newBuilder().setRequestPut(put))
                                .build())
                .getSucceeded();
    }
}
