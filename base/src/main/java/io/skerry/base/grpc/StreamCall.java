package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One streaming call on a server. Confined to the event loop of its connection. */
final class StreamCall<Q extends MessageLite> implements SendQueue.End {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final GrpcRouter.Streaming<Q> route;
    private final MessageDecoder decoder;
    private final long timeoutNanos;
    private final EventLoop loop;
    private final SendQueue out;
    private final Set<StreamCall<?>> open;
    private @Nullable GrpcInbound<Q> inbound;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    StreamCall(
            HttpServerRequest request,
            GrpcRouter.Streaming<Q> route,
            int maxMessageBytes,
            long timeoutNanos,
            Set<StreamCall<?>> open) {
        this.request = request;
        this.response = request.response();
        this.route = route;
        this.decoder = new MessageDecoder(maxMessageBytes);
        this.timeoutNanos = timeoutNanos;
        this.loop = ContextInternal.current().nettyEventLoop();
        this.out = new SendQueue(loop, this, false);
        this.open = open;
    }

    void start() {
        open.add(this);
        request.exceptionHandler(this::gone);
        response.exceptionHandler(this::gone);
        response.closeHandler(
                closed -> cancelled(new GrpcException(GrpcCode.CANCELLED, "the client is gone")));
        request.handler(this::chunk);
        request.endHandler(end -> halfClosed());
        response.putHeader(Wire.CONTENT_TYPE, Wire.GRPC);
        response.writeHead();
        GrpcInbound<Q> opened;
        try {
            opened = route.handler().open(new CallContext(request), out);
        } catch (RuntimeException e) {
            fail(CallContext.bug(GrpcService.path(request), e));
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
        out.attach(response);
    }

    private void chunk(Buffer chunk) {
        if (done) {
            return;
        }
        try {
            Frames.feed(decoder, chunk, this::message);
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
            to.message(GrpcService.parse(route.requests(), bytes));
        } catch (GrpcException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(CallContext.bug(GrpcService.path(request), e));
        }
    }

    private void halfClosed() {
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

    private void gone(Throwable cause) {
        cancelled(new GrpcException(GrpcCode.CANCELLED, "the client cancelled the stream", cause));
    }

    private void cancelled(GrpcException reason) {
        if (!done) {
            close(reason);
        }
    }

    /** From any thread: ends the stream at once, whatever is still queued. */
    void shutDown(GrpcException reason) {
        loop.execute(() -> end(reason));
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
        if (done) {
            return;
        }
        close(null);
        if (!response.closed() && !response.ended()) {
            GrpcService.putStatus(response, status);
            response.end();
        }
    }

    /**
     * @param cancelled why the client is gone; null when the server ends the stream
     */
    private void close(@Nullable GrpcException cancelled) {
        done = true;
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
