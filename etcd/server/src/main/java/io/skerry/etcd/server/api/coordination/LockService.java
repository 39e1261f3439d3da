package io.skerry.etcd.server.api.coordination;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.lock.LockRequest;
import io.etcd.jetcd.api.lock.LockResponse;
import io.etcd.jetcd.api.lock.UnlockRequest;
import io.etcd.jetcd.api.lock.UnlockResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.CoordinationMethods;
import io.skerry.etcd.client.EtcdMethods;

/** The service {@code v3lockpb.Lock}. */
final class LockService {
    private final WaitingCalls waiting;

    LockService(WaitingCalls waiting) {
        this.waiting = waiting;
    }

    void register(GrpcRouter router) {
        // As streams, so that a caller's going is heard of while it waits.
        router.stream(CoordinationMethods.LOCK, waiting.serve(LockService::lock)).stream(
                CoordinationMethods.UNLOCK, waiting.serve(LockService::unlock));
    }

    private static void lock(LockRequest request, CallerStore store, GrpcOutbound out)
            throws GrpcException {
        var queue = new Queue(store, request.getName());
        var place = queue.join(ByteString.EMPTY, Coordination.leaseOf(request.getLease(), store));
        try {
            queue.awaitTurn(place);
            // The lease may have ended while the caller waited for its turn.
            var own = store.get(place.key());
            if (own.getKvsCount() == 0
                    || own.getKvs(0).getCreateRevision() != place.createRevision()) {
                throw new GrpcException(GrpcCode.UNKNOWN, "mutex: session is expired");
            }
            out.send(
                    LockResponse.newBuilder()
                            .setHeader(own.getHeader())
                            .setKey(place.key())
                            .build()
                            .toByteString());
        } catch (GrpcException e) {
            queue.leave(place);
            throw e;
        }
    }

    private static void unlock(UnlockRequest request, CallerStore store, GrpcOutbound out)
            throws GrpcException {
        var answer =
                store.call(
                        EtcdMethods.DELETE_RANGE,
                        DeleteRangeRequest.newBuilder().setKey(request.getKey()).build());
        out.send(UnlockResponse.newBuilder().setHeader(answer.getHeader()).build().toByteString());
    }
}
