package io.skerry.base.grpc;

import org.jspecify.annotations.Nullable;

/** The inbound of a stream that has been refused: whatever still comes is dropped. */
final class Refused<M> implements GrpcInbound<M> {
    @Override
    public void message(M message) {}

    @Override
    public void halfClosed() {}

    @Override
    public void closed(@Nullable GrpcException reason) {}
}
