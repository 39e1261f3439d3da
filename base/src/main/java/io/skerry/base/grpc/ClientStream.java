package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.skerry.base.http2.Body;
import io.vertx.core.http.HttpClientRequest;
import org.jspecify.annotations.Nullable;

/** A call with streams of requests and responses. */
final class ClientStream<Q extends MessageLite, R extends MessageLite> extends ClientCall
        implements SendQueue.End {
    private final GrpcMethod<Q, R> method;
    private final GrpcInbound<R> inbound;
    private final SendQueue out;
    private @Nullable HttpClientRequest stream;

    ClientStream(GrpcMethod<Q, R> method, GrpcInbound<R> inbound, NetworkTransport transport) {
        super(method.path(), transport);
        this.method = method;
        this.inbound = inbound;
        this.out = new SendQueue(transport.loop(), this, true);
    }

    GrpcOutbound outbound() {
        return out;
    }

    @Override
    void begun(HttpClientRequest begun) {
        stream = begun;
        begun.setChunked(true);
        var _ = begun.writeHead();
        out.attach(new Sink(begun));
    }

    @Override
    void message(ByteString bytes) throws GrpcException {
        try {
            inbound.message(method.responses().parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new GrpcException(GrpcCode.INTERNAL, "malformed response: " + e.getMessage(), e);
        }
    }

    @Override
    boolean mayBeCarriedOut() {
        return true; // A server acts on each message as it comes.
    }

    @Override
    public void complete() {
        HttpClientRequest open = stream;
        if (open != null) {
            var _ = open.end();
        }
    }

    @Override
    public void fail(GrpcException reason) {
        cancel(reason);
    }

    @Override
    void over(@Nullable GrpcException status) {
        out.abandon();
        inbound.halfClosed();
        inbound.closed(status);
    }

    private record Sink(HttpClientRequest stream) implements SendSink {
        @Override
        public boolean full() {
            return stream.writeQueueFull();
        }

        @Override
        public int room() {
            return Integer.MAX_VALUE; // It cuts what it is given as the windows want it.
        }

        @Override
        public void write(Body body, int messages) {
            // A failed write also fails the response, which is where failures are handled.
            var _ = stream.write(Frames.encode(body));
        }

        @Override
        public void whenWritable(Runnable action) {
            stream.drainHandler(writable -> action.run());
        }
    }
}
