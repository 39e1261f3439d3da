package io.skerry.base.grpc;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The client's way to a server: over the network (several endpoints, failover, TLS) or in-process
 * over a {@link GrpcRouter}. Thread-safe. Futures complete on event loops: continuations must not
 * block.
 */
public interface GrpcTransport extends AutoCloseable {
    /**
     * Calls a method; the future fails with a {@link GrpcException}, at the latest by the deadline.
     */
    <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> unary(
            GrpcMethod<Q, R> method, Q request, Duration deadline);

    /**
     * Opens a stream. Requests may be sent at once; if no server is reached, {@code inbound} is
     * closed with UNAVAILABLE.
     */
    <Q extends MessageLite, R extends MessageLite> GrpcOutbound stream(
            GrpcMethod<Q, R> method, GrpcInbound<R> inbound);

    /** Ends all calls with CANCELLED and gives back the connections. */
    @Override
    void close();
}
