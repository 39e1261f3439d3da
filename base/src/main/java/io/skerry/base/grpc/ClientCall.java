package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * What unary and streaming calls of a client share: the request's head, the response's frames and
 * its status. Confined to the transport's event loop.
 */
abstract class ClientCall implements NetworkTransport.Connected {
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("skerry");
    private static final long RESET_REFUSED = 7;
    private static final long RESET_CANCEL = 8;

    protected final NetworkTransport transport;
    private final String path;
    private final MessageDecoder decoder;
    private @Nullable EndpointConnection connection;
    private @Nullable HttpClientRequest request;
    private boolean done;

    ClientCall(String path, NetworkTransport transport) {
        this.path = path;
        this.transport = transport;
        this.decoder = new MessageDecoder(transport.options().maxMessageBytes());
    }

    /** The stream is begun and its head is filled: write. */
    abstract void begun(HttpClientRequest stream);

    abstract void message(ByteString bytes) throws GrpcException;

    /** Whether a server may have all that it needs to carry the call out. */
    abstract boolean mayBeCarriedOut();

    /** The call is over; called once. Null: status OK. */
    abstract void over(@Nullable GrpcException status);

    final void start() {
        if (!done) {
            transport.connect(this);
        }
    }

    @Override
    public final void ready(EndpointConnection live) {
        if (done) {
            return;
        }
        connection = live;
        live.request(
                path,
                this::opened,
                cause ->
                        finish(
                                GrpcException.neverSent(
                                        "connection to " + live.endpoint() + " lost", cause)));
    }

    @Override
    public final void failed(GrpcException reason) {
        finish(reason);
    }

    private void opened(HttpClientRequest stream) {
        if (done) {
            var _ = stream.reset(RESET_CANCEL);
            return;
        }
        request = stream;
        stream.putHeader(Wire.CONTENT_TYPE, Wire.GRPC);
        stream.putHeader(Wire.TE, Wire.TRAILERS);
        stream.putHeader(HttpHeaders.USER_AGENT, USER_AGENT);
        transport.metadata().forEach(stream::putHeader);
        stream.exceptionHandler(this::broken);
        stream.response().onComplete(this::responded, this::broken);
        begun(stream);
    }

    private void responded(HttpClientResponse response) {
        if (done) {
            return;
        }
        String inHead = response.getHeader(Wire.GRPC_STATUS);
        if (inHead != null) {
            finish(status(inHead, response.getHeader(Wire.GRPC_MESSAGE)));
            return;
        }
        if (response.statusCode() != 200) {
            finish(
                    new GrpcException(
                            response.statusCode() == 404
                                    ? GrpcCode.UNIMPLEMENTED
                                    : GrpcCode.UNAVAILABLE,
                            "the server answered with HTTP status " + response.statusCode()));
            cancelStream();
            return;
        }
        response.handler(this::chunk);
        response.exceptionHandler(this::broken);
        response.endHandler(end -> {
            GrpcException cutOff = decoder.incomplete();
            String status = response.trailers().get(Wire.GRPC_STATUS);
            if (status != null) {
                finish(status(status, response.trailers().get(Wire.GRPC_MESSAGE)));
            } else {
                finish(
                        cutOff != null
                                ? cutOff
                                : new GrpcException(
                                        GrpcCode.INTERNAL,
                                        "the server ended the stream without a status"));
            }
        });
    }

    private void chunk(Buffer chunk) {
        if (done) {
            return;
        }
        try {
            Frames.feed(decoder, chunk, this::deliver);
        } catch (GrpcException e) {
            finish(e);
            cancelStream();
        }
    }

    private void deliver(ByteString bytes) {
        if (done) {
            return;
        }
        try {
            message(bytes);
        } catch (GrpcException e) {
            finish(e);
            cancelStream();
        }
    }

    private static @Nullable GrpcException status(String number, @Nullable String message) {
        int code;
        try {
            code = Integer.parseInt(number);
        } catch (NumberFormatException e) {
            code = GrpcCode.UNKNOWN.number();
        }
        return code == 0 ? null : new GrpcException(GrpcCode.of(code), Wire.decodeMessage(message));
    }

    private void broken(Throwable cause) {
        if (cause instanceof StreamResetException reset) {
            if (reset.getCode() == RESET_REFUSED) {
                finish(GrpcException.neverSent("the server refused the stream", cause));
                return;
            }
            GrpcCode code =
                    reset.getCode() == RESET_CANCEL ? GrpcCode.CANCELLED : GrpcCode.UNAVAILABLE;
            finish(
                    new GrpcException(
                            code, "the server reset the stream: " + reset.getCode(), cause));
            return;
        }
        // Netty's exception of a closed channel has no message.
        String reason = cause.getMessage() == null ? "it was closed" : cause.getMessage();
        String message = "connection lost: " + reason;
        finish(
                mayBeCarriedOut()
                        ? new GrpcException(GrpcCode.UNAVAILABLE, message, cause)
                        : GrpcException.neverSent(message, cause));
    }

    /** Ends the call from this side: the server is told, the status is as given. */
    final void cancel(GrpcException reason) {
        finish(reason);
        cancelStream();
    }

    private void cancelStream() {
        HttpClientRequest stream = request;
        if (stream != null) {
            var _ = stream.reset(RESET_CANCEL);
        }
    }

    private void finish(@Nullable GrpcException status) {
        if (done) {
            return;
        }
        done = true;
        EndpointConnection used = connection;
        if (used != null
                && status != null
                && (status.code() == GrpcCode.UNAVAILABLE
                        || status.code() == GrpcCode.DEADLINE_EXCEEDED)) {
            transport.avoid(used);
        }
        over(status);
    }
}
