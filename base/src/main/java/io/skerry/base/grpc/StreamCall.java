package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.skerry.base.http2.Body;
import io.skerry.base.http2.ServerStream;
import io.skerry.base.http2.StreamListener;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One streaming call on a server. Confined to the event loop of its connection. */
final class StreamCall<Q extends MessageLite> extends CallContext
        implements StreamListener, SendQueue.End, SendSink {
    private final GrpcRouter.Streaming<Q> route;
    private final MessageDecoder decoder;
    private final long timeoutNanos;
    private final long startNanos = System.nanoTime();
    private final EventLoop loop;
    private final SendQueue out;
    private final Set<StreamCall<?>> open;
    private @Nullable GrpcInbound<Q> inbound;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    StreamCall(
            ServerStream stream,
            GrpcRouter.Streaming<Q> route,
            int maxMessageBytes,
            long timeoutNanos,
            Set<StreamCall<?>> open) {
        super(stream);
        this.route = route;
        this.decoder = new MessageDecoder(maxMessageBytes);
        this.timeoutNanos = timeoutNanos;
        this.loop = stream.connection().loop();
        this.out = new SendQueue(loop, this, false);
        this.open = open;
    }

    void start() {
        open.add(this);
        route.observer().started(this);
        stream.head(Answers.HEAD, false);
        GrpcInbound<Q> opened;
        try {
            opened = route.handler().open(this, out);
        } catch (RuntimeException e) {
            fail(status(path(), e));
            return;
        }
        inbound = opened;
        if (timeoutNanos > 0) {
            deadline =
                    loop.schedule(
                            () ->
                                    fail(
                                            new GrpcException(
                                                    GrpcCode.DEADLINE_EXCEEDED,
                                                    "context deadline exceeded")),
                            timeoutNanos,
                            TimeUnit.NANOSECONDS);
        }
        out.attach(this);
    }

    @Override
    public void data(ByteBuf bytes) {
        if (done) {
            return;
        }
        try {
            decoder.feed(bytes, this::message);
        } catch (GrpcException e) {
            fail(e);
        }
    }

    private void message(ByteString bytes) {
        GrpcInbound<Q> to = inbound;
        if (done || to == null) {
            return;
        }
        try {
            Q message = GrpcService.parse(route.requests(), bytes);
            route.observer().received(bytes.size());
            to.message(message);
        } catch (GrpcException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(status(path(), e));
        }
    }

    @Override
    public void halfClosed() {
        GrpcInbound<Q> to = inbound;
        if (done || to == null) {
            return;
        }
        GrpcException cutOff = decoder.incomplete();
        if (cutOff != null) {
            fail(cutOff);
            return;
        }
        to.halfClosed();
    }

    @Override
    public void gone(String reason) {
        if (!done) {
            close(new GrpcException(GrpcCode.CANCELLED, reason), GrpcCode.CANCELLED);
        }
    }

    @Override
    public boolean full() {
        return !stream.writable();
    }

    @Override
    public int room() {
        return stream.room();
    }

    @Override
    public void write(Body body, int messages) {
        stream.data(body);
        route.observer().sent(messages, body.size() - (long) messages * Frames.HEADER_BYTES);
    }

    @Override
    public void whenWritable(Runnable action) {
        stream.whenWritable(action);
    }

    /** From any thread: ends the stream at once, whatever is still queued. */
    void shutDown(GrpcException reason) {
        loop.execute(() -> end(reason));
    }

    @Override
    protected void onLoop() {
        throw new IllegalStateException("a stream's answers go through its queue");
    }

    @Override
    public void complete() {
        end(null);
    }

    @Override
    public void fail(GrpcException reason) {
        end(reason);
    }

    private void end(@Nullable GrpcException status) {
        if (!done) {
            close(null, status == null ? GrpcCode.OK : status.code());
            Answers.end(stream, status);
        }
    }

    /**
     * @param cancelled why the client is gone; null when the server ends the stream
     */
    private void close(@Nullable GrpcException cancelled, GrpcCode code) {
        done = true;
        route.observer().ended(code, System.nanoTime() - startNanos);
        open.remove(this);
        out.abandon();
        if (deadline != null) {
            deadline.cancel(false);
        }
        GrpcInbound<Q> to = inbound;
        if (to != null) {
            to.closed(cancelled);
        }
    }
}
