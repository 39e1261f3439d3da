package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.skerry.base.http2.Body;
import io.skerry.base.http2.ServerStream;
import io.skerry.base.http2.StreamListener;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One unary call on a server. Confined to the event loop of its connection, but for {@link
 * #accept}, which whoever has the answer calls once.
 *
 * <p>It plays all parts that a call needs, because under load these objects are most of what a
 * server allocates: the stream's listener, the handler's context, the answer's receiver, the task
 * that takes the answer to the event loop, and the body that is written there.
 */
final class UnaryCall<Q extends MessageLite> extends CallContext
        implements StreamListener, BiConsumer<@Nullable ByteString, @Nullable Throwable>, Body {
    private final GrpcRouter.Unary<Q> route;
    private final int maxMessageBytes;
    private final long timeoutNanos;
    private final long startNanos = System.nanoTime();
    private @Nullable Q request;
    // The request while it is read, then the answer.
    private @Nullable ByteString message;
    private @Nullable Throwable failure;
    private @Nullable MessageDecoder decoder;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    UnaryCall(
            ServerStream stream,
            GrpcRouter.Unary<Q> route,
            int maxMessageBytes,
            long timeoutNanos) {
        super(stream);
        this.route = route;
        this.maxMessageBytes = maxMessageBytes;
        this.timeoutNanos = timeoutNanos;
        route.observer().started(this);
    }

    @Override
    public void data(ByteBuf bytes) {
        if (done) {
            return;
        }
        MessageDecoder pieces = decoder;
        if (pieces == null && message == null) {
            ByteString whole = MessageDecoder.whole(bytes, maxMessageBytes);
            if (whole != null) {
                message = whole;
                return;
            }
        }
        if (pieces == null) {
            pieces = new MessageDecoder(maxMessageBytes);
            decoder = pieces;
        }
        try {
            pieces.feed(bytes, this::take);
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

    @Override
    public void halfClosed() {
        if (done) {
            return;
        }
        GrpcException cutOff = decoder == null ? null : decoder.incomplete();
        ByteString bytes = message;
        if (cutOff != null || bytes == null) {
            fail(
                    cutOff != null
                            ? cutOff
                            : new GrpcException(
                                    GrpcCode.INTERNAL, "the request message is missing"));
            return;
        }
        message = null;
        decoder = null;
        CompletionStage<ByteString> answer;
        try {
            Q asked = GrpcService.parse(route.requests(), bytes);
            request = asked;
            route.observer().received(bytes.size());
            answer = route.handler().handle(asked, this);
        } catch (GrpcException e) {
            fail(e);
            return;
        } catch (RuntimeException e) {
            fail(status(path(), e));
            return;
        }
        var _ = answer.whenComplete(this);
        if (!done && timeoutNanos > 0) {
            deadline =
                    stream.connection()
                            .loop()
                            .schedule(
                                    () ->
                                            fail(
                                                    new GrpcException(
                                                            GrpcCode.DEADLINE_EXCEEDED,
                                                            "context deadline exceeded")),
                                    timeoutNanos,
                                    TimeUnit.NANOSECONDS);
        }
    }

    /** The handler's answer, on whatever thread. */
    @Override
    public void accept(@Nullable ByteString result, @Nullable Throwable failed) {
        message = result;
        failure = failed;
        if (stream.connection().loop().inEventLoop()) {
            onLoop();
        } else {
            stream.connection().hand(this);
        }
    }

    @Override
    protected void onLoop() {
        if (done) {
            message = null;
            return;
        }
        if (message == null) {
            fail(status(path(), failure));
            return;
        }
        stream.head(Answers.HEAD, false);
        stream.data(this);
        stream.end(Answers.OK);
        route.observer().sent(1, answer().size());
        end(GrpcCode.OK);
    }

    @Override
    public int size() {
        return Frames.HEADER_BYTES + answer().size();
    }

    @Override
    public void writeTo(ByteBuf out) {
        MessageBody.write(answer(), out);
    }

    @Override
    public ByteBuf kept() {
        return MessageBody.kept(answer());
    }

    private ByteString answer() {
        return message == null ? ByteString.EMPTY : message;
    }

    private void fail(GrpcException reason) {
        if (!done) {
            message = null;
            end(reason.code());
            Answers.refuse(stream, reason);
        }
    }

    @Override
    public void stalled() {
        fail(
                new GrpcException(
                        GrpcCode.DEADLINE_EXCEEDED,
                        "the rest of the request message did not come in time"));
    }

    @Override
    public void gone(String reason) {
        if (!done) {
            message = null;
            end(GrpcCode.CANCELLED);
        }
    }

    private void end(GrpcCode code) {
        done = true;
        long nanos = System.nanoTime() - startNanos;
        route.observer().ended(code, nanos);
        if (request != null) {
            route.observer().answered(this, request, message, code, nanos);
        }
        request = null;
        message = null;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
