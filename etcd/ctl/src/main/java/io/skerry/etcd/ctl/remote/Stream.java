package io.skerry.etcd.ctl.remote;

import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import java.util.Optional;

/** An open stream. Any thread may send; one reads. */
public final class Stream<Q extends MessageLite, R extends MessageLite> implements AutoCloseable {
    private final GrpcOutbound outbound;
    private final Incoming<R> incoming;

    Stream(GrpcOutbound outbound, Incoming<R> incoming) {
        this.outbound = outbound;
        this.incoming = incoming;
    }

    public void send(Q request) {
        outbound.send(request.toByteString());
    }

    /** No more is sent. */
    public void complete() {
        outbound.complete();
    }

    /** Waits for the next message; empty: the stream ended as it should. */
    public Optional<R> next() throws GrpcException, InterruptedException {
        return incoming.next();
    }

    @Override
    public void close() {
        outbound.fail(new GrpcException(GrpcCode.CANCELLED, "the client has what it wants"));
    }
}
