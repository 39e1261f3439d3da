package io.skerry.base.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which handler answers which method. Filled where a server is wired and not changed after the
 * listener has started.
 */
public final class GrpcRouter {
    /** A registered method. */
    sealed interface Route<Q extends MessageLite> {
        Parser<Q> requests();
    }

    record Unary<Q extends MessageLite>(Parser<Q> requests, UnaryHandler<Q> handler)
            implements Route<Q> {}

    record Streaming<Q extends MessageLite>(Parser<Q> requests, StreamHandler<Q> handler)
            implements Route<Q> {}

    private final Map<String, Route<?>> routes = new HashMap<>();

    public <Q extends MessageLite> GrpcRouter unary(
            GrpcMethod<Q, ?> method, UnaryHandler<Q> handler) {
        return add(method, new Unary<>(method.requests(), handler));
    }

    /** Registers a method of which requests, responses or both are streams. */
    public <Q extends MessageLite> GrpcRouter stream(
            GrpcMethod<Q, ?> method, StreamHandler<Q> handler) {
        return add(method, new Streaming<>(method.requests(), handler));
    }

    private GrpcRouter add(GrpcMethod<?, ?> method, Route<?> route) {
        if (routes.putIfAbsent(method.path(), route) != null) {
            throw new IllegalArgumentException("method " + method.path() + " is registered twice");
        }
        return this;
    }

    @Nullable Route<?> find(String path) {
        return routes.get(path);
    }
}
