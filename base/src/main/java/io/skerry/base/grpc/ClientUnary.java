package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpClientRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call with one request and one response. */
final class ClientUnary<Q extends MessageLite, R extends MessageLite> extends ClientCall {
    private final GrpcMethod<Q, R> method;
    private final Q message;
    private final Duration deadline;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final long startedNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable R response;
    private boolean written;

    ClientUnary(GrpcMethod<Q, R> method, Q message, Duration deadline, NetworkTransport transport) {
        super(method.path(), transport);
        this.method = method;
        this.message = message;
        this.deadline = deadline;
    }

    /** Begins the call; on the loop. */
    void begin() {
        arm();
        start();
    }

    CompletableFuture<R> result() {
        return result;
    }

    private void arm() {
        timer =
                transport
                        .loop()
                        .schedule(
                                () ->
                                        cancel(
                                                new GrpcException(
                                                        GrpcCode.DEADLINE_EXCEEDED,
                                                        "no answer within "
                                                                + deadline.toMillis()
                                                                + " ms")),
                                deadline.toNanos(),
                                TimeUnit.NANOSECONDS);
    }

    @Override
    void begun(HttpClientRequest stream) {
        Duration left = deadline.minusNanos(System.nanoTime() - startedNanos);
        stream.putHeader(Wire.GRPC_TIMEOUT, Wire.encodeTimeout(left));
        // A failed write also fails the response, which is where failures are handled.
        var _ = stream.end(Frames.encode(message.toByteString())).onSuccess(end -> written = true);
    }

    /** A server waits for the end of the request, so what is not wholly written does nothing. */
    @Override
    boolean mayBeCarriedOut() {
        return written;
    }

    @Override
    void message(ByteString bytes) throws GrpcException {
        if (response != null) {
            throw new GrpcException(GrpcCode.INTERNAL, "the server sent two responses");
        }
        try {
            response = method.responses().parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new GrpcException(GrpcCode.INTERNAL, "malformed response: " + e.getMessage(), e);
        }
    }

    @Override
    void over(@Nullable GrpcException status) {
        if (timer != null) {
            timer.cancel(false);
        }
        R received = response;
        if (status != null) {
            result.completeExceptionally(status);
        } else if (received == null) {
            result.completeExceptionally(
                    new GrpcException(GrpcCode.INTERNAL, "the server sent no response message"));
        } else {
            result.complete(received);
        }
    }
}
