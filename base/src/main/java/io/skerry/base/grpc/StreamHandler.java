package io.skerry.base.grpc;

/**
 * Serves one stream of requests and responses. {@link #open} and the returned inbound are called on
 * the stream's event loop, one call at a time, and must not block.
 */
@FunctionalInterface
public interface StreamHandler<Q> {
    GrpcInbound<Q> open(GrpcContext context, GrpcOutbound out);
}
