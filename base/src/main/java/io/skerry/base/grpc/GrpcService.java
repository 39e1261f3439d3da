package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves the methods of a router on the HTTP/2 requests of a listener. Everything happens on the
 * event loop of the request's connection.
 */
public final class GrpcService {
    private final @Nullable GrpcRouter router;
    private final int maxMessageBytes;
    private final Set<StreamCall<?>> streams = ConcurrentHashMap.newKeySet();

    /**
     * @param router null: no method is known
     * @param maxMessageBytes larger requests end with RESOURCE_EXHAUSTED
     */
    public GrpcService(@Nullable GrpcRouter router, int maxMessageBytes) {
        this.router = router;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** True if the request is gRPC and must be given to {@link #handle}. */
    public static boolean isGrpc(HttpServerRequest request) {
        String type = request.getHeader(Wire.CONTENT_TYPE);
        return type != null
                && type.startsWith("application/grpc")
                && !type.startsWith("application/grpc-web")
                && request.version() == HttpVersion.HTTP_2;
    }

    public void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            request.response().setStatusCode(405).putHeader("allow", "POST").end();
            return;
        }
        String encoding = request.getHeader(Wire.GRPC_ENCODING);
        if (encoding != null && !encoding.equals("identity")) {
            request.response().putHeader(Wire.GRPC_ACCEPT_ENCODING, Wire.IDENTITY);
            refuse(
                    request,
                    new GrpcException(
                            GrpcCode.UNIMPLEMENTED,
                            "grpc: compression " + encoding + " is not supported, only identity"));
            return;
        }
        long timeoutNanos = 0;
        String timeout = request.getHeader(Wire.GRPC_TIMEOUT);
        if (timeout != null) {
            timeoutNanos = Wire.timeoutNanos(timeout);
            if (timeoutNanos < 0) {
                refuse(
                        request,
                        new GrpcException(GrpcCode.INTERNAL, "malformed grpc-timeout: " + timeout));
                return;
            }
        }
        GrpcRouter.Route<?> route = router == null ? null : router.find(path(request));
        switch (route) {
            case null -> refuse(request, unknown(path(request)));
            case GrpcRouter.Unary<?> unary -> unary(request, unary, timeoutNanos);
            case GrpcRouter.Streaming<?> streaming -> stream(request, streaming, timeoutNanos);
        }
    }

    /** Ends all streams with UNAVAILABLE, so that clients go to another server at once. */
    public void closeStreams() {
        var reason = new GrpcException(GrpcCode.UNAVAILABLE, "the server is shutting down");
        streams.forEach(stream -> stream.shutDown(reason));
    }

    private <Q extends MessageLite> void unary(
            HttpServerRequest request, GrpcRouter.Unary<Q> route, long timeoutNanos) {
        new UnaryCall<>(request, route, maxMessageBytes, timeoutNanos).start();
    }

    private <Q extends MessageLite> void stream(
            HttpServerRequest request, GrpcRouter.Streaming<Q> route, long timeoutNanos) {
        new StreamCall<>(request, route, maxMessageBytes, timeoutNanos, streams).start();
    }

    private static GrpcException unknown(String path) {
        int slash = path.lastIndexOf('/');
        if (slash <= 0) {
            return new GrpcException(
                    GrpcCode.UNIMPLEMENTED, "malformed method name: \"" + path + "\"");
        }
        return new GrpcException(
                GrpcCode.UNIMPLEMENTED,
                "unknown method "
                        + path.substring(slash + 1)
                        + " for service "
                        + path.substring(1, slash));
    }

    static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    private static void refuse(HttpServerRequest request, GrpcException reason) {
        failHead(request.response(), reason);
    }

    /** Answers with the status in the head alone ("trailers-only"). */
    static void failHead(HttpServerResponse response, GrpcException reason) {
        response.putHeader(Wire.CONTENT_TYPE, Wire.GRPC);
        response.putHeader(Wire.GRPC_STATUS, Integer.toString(reason.code().number()));
        String message = reason.getMessage();
        if (message != null && !message.isEmpty()) {
            response.putHeader(Wire.GRPC_MESSAGE, Wire.encodeMessage(message));
        }
        response.end();
    }

    static void putStatus(HttpServerResponse response, @Nullable GrpcException reason) {
        if (reason == null) {
            response.putTrailer(Wire.GRPC_STATUS, Wire.OK);
            return;
        }
        response.putTrailer(Wire.GRPC_STATUS, Integer.toString(reason.code().number()));
        String message = reason.getMessage();
        if (message != null && !message.isEmpty()) {
            response.putTrailer(Wire.GRPC_MESSAGE, Wire.encodeMessage(message));
        }
    }

    /**
     * Parses a request. Its byte fields are views of the received buffer: requests do not outlive
     * their handling, so nothing large is kept alive.
     */
    static <Q extends MessageLite> Q parse(Parser<Q> parser, ByteString bytes)
            throws GrpcException {
        try {
            CodedInputStream in = bytes.newCodedInput();
            in.enableAliasing(true);
            Q message = parser.parseFrom(in);
            in.checkLastTagWas(0);
            return message;
        } catch (IOException e) {
            throw new GrpcException(
                    GrpcCode.INTERNAL,
                    "grpc: failed to unmarshal the received message: " + e.getMessage());
        }
    }
}
