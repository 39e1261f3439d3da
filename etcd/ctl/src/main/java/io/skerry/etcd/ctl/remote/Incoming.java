package io.skerry.etcd.ctl.remote;

import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The messages of a stream for a thread that waits for them. */
final class Incoming<R> implements GrpcInbound<R> {
    private record Next<R>(@Nullable R message, @Nullable GrpcException failure) {}

    private final BlockingQueue<Next<R>> queue = new LinkedBlockingQueue<>();

    @Override
    public void message(R message) {
        queue.add(new Next<>(message, null));
    }

    @Override
    public void halfClosed() {}

    @Override
    public void closed(@Nullable GrpcException reason) {
        queue.add(new Next<>(null, reason));
    }

    /** Waits for the next message; empty: the stream ended as it should. Nothing comes after it. */
    Optional<R> next() throws GrpcException, InterruptedException {
        Next<R> next = queue.take();
        if (next.failure() != null) {
            throw next.failure();
        }
        return Optional.ofNullable(next.message());
    }
}
