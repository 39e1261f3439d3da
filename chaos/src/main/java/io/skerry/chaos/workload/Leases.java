package io.skerry.chaos.workload;

import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.etcd.client.EtcdMethods;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Grants and renewals, each asked for once. */
final class Leases {
    private static final long ANSWER_SECONDS = 3;

    private Leases() {}

    record Granted(long id, long ttlSeconds) {}

    static Granted grant(ClientContext context, long ttlSeconds)
            throws GrpcException, InterruptedException {
        long id = context.random().nextLong(1, Long.MAX_VALUE);
        var response =
                context.call(
                        EtcdMethods.LEASE_GRANT,
                        LeaseGrantRequest.newBuilder().setID(id).setTTL(ttlSeconds).build());
        return new Granted(response.getID(), response.getTTL());
    }

    /** The time to live that a renewal set, 0 if the lease is gone; empty without an answer. */
    static OptionalLong renew(ClientContext context, long id) throws InterruptedException {
        var answer = new CompletableFuture<Long>();
        GrpcOutbound out =
                context.member(context.anyMember()).stream(
                        EtcdMethods.LEASE_KEEP_ALIVE,
                        new GrpcInbound<LeaseKeepAliveResponse>() {
                            @Override
                            public void message(LeaseKeepAliveResponse message) {
                                answer.complete(message.getTTL());
                            }

                            @Override
                            public void halfClosed() {}

                            @Override
                            public void closed(@Nullable GrpcException reason) {
                                answer.completeExceptionally(
                                        reason != null
                                                ? reason
                                                : new GrpcException(GrpcCode.UNAVAILABLE, "ended"));
                            }
                        });
        try {
            out.send(LeaseKeepAliveRequest.newBuilder().setID(id).build().toByteString());
            return OptionalLong.of(answer.get(ANSWER_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            return OptionalLong.empty();
        } catch (ExecutionException e) {
            return GrpcException.from(e).code() == GrpcCode.NOT_FOUND
                    ? OptionalLong.of(0)
                    : OptionalLong.empty();
        } finally {
            out.fail(new GrpcException(GrpcCode.CANCELLED, "renewed"));
        }
    }
}
