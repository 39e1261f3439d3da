package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One unary call on a server. Confined to the event loop of its connection. */
final class UnaryCall<Q extends MessageLite> {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final GrpcRouter.Unary<Q> route;
    private final MessageDecoder decoder;
    private final long timeoutNanos;
    private final EventLoop loop;
    private @Nullable ByteString message;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    UnaryCall(
            HttpServerRequest request,
            GrpcRouter.Unary<Q> route,
            int maxMessageBytes,
            long timeoutNanos) {
        this.request = request;
        this.response = request.response();
        this.route = route;
        this.decoder = new MessageDecoder(maxMessageBytes);
        this.timeoutNanos = timeoutNanos;
        this.loop = ContextInternal.current().nettyEventLoop();
    }

    void start() {
        request.exceptionHandler(gone -> end());
        request.handler(this::chunk);
        request.endHandler(end -> received());
    }

    private void chunk(Buffer chunk) {
        if (done) {
            return;
        }
        try {
            Frames.feed(decoder, chunk, this::take);
        } catch (GrpcException e) {
            fail(e);
        }
    }

    private void take(ByteString bytes) {
        if (message == null) {
            message = bytes;
        } else {
            fail(new GrpcException(GrpcCode.INTERNAL, "a unary method takes one request message"));
        }
    }

    private void received() {
        if (done) {
            return;
        }
        GrpcException cutOff = decoder.incomplete();
        ByteString bytes = message;
        if (cutOff != null || bytes == null) {
            fail(
                    cutOff != null
                            ? cutOff
                            : new GrpcException(
                                    GrpcCode.INTERNAL, "the request message is missing"));
            return;
        }
        CompletionStage<ByteString> answer;
        try {
            Q parsed = GrpcService.parse(route.requests(), bytes);
            message = null;
            answer = route.handler().handle(parsed, new CallContext(request));
        } catch (GrpcException e) {
            fail(e);
            return;
        } catch (RuntimeException e) {
            fail(CallContext.bug(GrpcService.path(request), e));
            return;
        }
        answer.whenComplete((result, failure) -> {
            if (loop.inEventLoop()) {
                answered(result, failure);
            } else {
                loop.execute(() -> answered(result, failure));
            }
        });
        if (!done && timeoutNanos > 0) {
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
    }

    private void answered(@Nullable ByteString result, @Nullable Throwable failure) {
        if (done) {
            return;
        }
        if (result == null) {
            fail(CallContext.status(GrpcService.path(request), failure));
            return;
        }
        end();
        if (!response.closed()) {
            response.putHeader(Wire.CONTENT_TYPE, Wire.GRPC);
            response.putTrailer(Wire.GRPC_STATUS, Wire.OK);
            response.end(Frames.encode(result));
        }
    }

    private void fail(GrpcException reason) {
        if (done) {
            return;
        }
        end();
        if (!response.closed()) {
            GrpcService.failHead(response, reason);
        }
    }

    private void end() {
        done = true;
        message = null;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
