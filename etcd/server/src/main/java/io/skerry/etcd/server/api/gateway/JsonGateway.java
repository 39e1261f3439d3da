package io.skerry.etcd.server.api.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.RouterCalls;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.etcd.server.api.schema.EtcdSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Serves the v3 API as JSON over HTTP. A request of a stream is a body with one message after the
 * other; answers of a stream are lines {@code {"result":…}}, and {@code {"error":…}} as the last
 * one if it failed. Over a WebSocket at the same path, requests and lines are messages.
 */
public final class JsonGateway {
    private static final String WATCH = "Watch";

    private final RouterCalls calls;

    /**
     * @param services the gRPC services that are called
     */
    public JsonGateway(GrpcRouter services) {
        this.calls = new RouterCalls(services);
    }

    public void register(HttpRouter router) {
        GatewayPaths.all()
                .forEach((path, method) -> {
                    router.route("POST", path, call -> serve(method, call));
                    router.socket(
                            path,
                            List.of(SocketCall.BEARER),
                            (call, socket) ->
                                    new SocketCall(calls, method, method(method), call, socket)
                                            .converse());
                });
    }

    private static MethodDescriptor method(String path) {
        var method = EtcdSchema.method(path);
        if (method == null) {
            throw new IllegalStateException("the schema has no method " + path);
        }
        return method;
    }

    private HttpReply serve(String path, HttpCall call) throws InterruptedException {
        MethodDescriptor method = method(path);
        try {
            return method.isClientStreaming() || method.isServerStreaming()
                    ? stream(path, method, call)
                    : unary(path, method, call);
        } catch (GrpcException e) {
            return json(httpStatus(e.code()), JsonMessages.error(e));
        }
    }

    private HttpReply unary(String path, MethodDescriptor method, HttpCall call)
            throws GrpcException, InterruptedException {
        var request = JsonMessages.read(method.getInputType(), call.bodyText());
        CompletableFuture<ByteString> answer =
                calls.unary(path, request, HttpCaller.posted(call)).toCompletableFuture();
        try {
            return json(200, JsonMessages.write(method.getOutputType(), answer.get()));
        } catch (ExecutionException e) {
            throw GrpcException.from(e);
        }
    }

    private HttpReply stream(String path, MethodDescriptor method, HttpCall call)
            throws GrpcException {
        var requests =
                method.isClientStreaming()
                        ? JsonMessages.readAll(method.getInputType(), call.bodyText())
                        : List.of(JsonMessages.read(method.getInputType(), call.bodyText()));
        return HttpReply.stream(
                200, "application/json", sink -> converse(path, method, call, requests, sink));
    }

    private void converse(
            String path,
            MethodDescriptor method,
            HttpCall call,
            List<ByteString> requests,
            HttpReply.BodySink sink)
            throws IOException, InterruptedException {
        var answers = new StreamedAnswers();
        var inbound = calls.stream(path, HttpCaller.posted(call), answers);
        sink.onClose(() -> answers.fail(new GrpcException(GrpcCode.CANCELLED, "the client left")));
        try {
            requests.forEach(inbound::message);
            // A watch goes on after the body that asked for it.
            if (!method.getName().equals(WATCH)) {
                inbound.halfClosed();
            }
            JsonLines.of(method).write(answers, line -> line(sink, line));
        } finally {
            inbound.closed(null);
        }
    }

    private static void line(HttpReply.BodySink sink, String text)
            throws IOException, InterruptedException {
        sink.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static HttpReply json(int status, String text) {
        return HttpReply.json(status, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What etcd's gateway answers. */
    static int httpStatus(GrpcCode code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case CANCELLED -> 408;
            case ALREADY_EXISTS, ABORTED -> 409;
            case FAILED_PRECONDITION -> 412;
            case RESOURCE_EXHAUSTED -> 429;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }
}
