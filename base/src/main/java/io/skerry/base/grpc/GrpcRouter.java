package io.skerry.base.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Which handler answers which method. Filled where a server is wired and not changed after the
 * listener has started.
 */
public final class GrpcRouter {
    /** A registered method. */
    sealed interface Route<Q extends MessageLite> {
        Parser<Q> requests();

        CallObserver observer();
    }

    record Unary<Q extends MessageLite>(
            Parser<Q> requests, UnaryHandler<Q> handler, CallObserver observer)
            implements Route<Q> {}

    record Streaming<Q extends MessageLite>(
            Parser<Q> requests, StreamHandler<Q> handler, CallObserver observer)
            implements Route<Q> {}

    private final CallObserver.Factory observers;
    private final Map<String, Route<?>> routes = new HashMap<>();
    private final List<Guard> guards = new CopyOnWriteArrayList<>();

    /** Of methods whose calls nobody observes. */
    public GrpcRouter() {
        this((_, _) -> CallObserver.NONE);
    }

    /**
     * @param observers of calls that come over the network
     */
    public GrpcRouter(CallObserver.Factory observers) {
        this.observers = observers;
    }

    /** Looks at every call before its handler does. */
    @FunctionalInterface
    public interface Guard {
        /**
         * Why a call is refused; null lets it pass.
         *
         * @param path of the method
         * @param request null for a method with streams, which is refused before its first message
         */
        @Nullable GrpcException refusal(String path, @Nullable MessageLite request);
    }

    /** Sets up a guard before all methods, those registered before included. */
    public GrpcRouter guard(Guard guard) {
        guards.add(guard);
        return this;
    }

    private @Nullable GrpcException refusal(String path, @Nullable MessageLite request) {
        for (Guard guard : guards) {
            GrpcException refusal = guard.refusal(path, request);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    public <Q extends MessageLite> GrpcRouter unary(
            GrpcMethod<Q, ?> method, UnaryHandler<Q> handler) {
        UnaryHandler<Q> guarded =
                (request, context) -> {
                    GrpcException refusal = refusal(method.path(), request);
                    return refusal == null
                            ? handler.handle(request, context)
                            : CompletableFuture.failedFuture(refusal);
                };
        return add(method, new Unary<>(method.requests(), guarded, observers.of(method, false)));
    }

    /** Registers a method of which requests, responses or both are streams. */
    public <Q extends MessageLite> GrpcRouter stream(
            GrpcMethod<Q, ?> method, StreamHandler<Q> handler) {
        StreamHandler<Q> guarded =
                (context, out) -> {
                    GrpcException refusal = refusal(method.path(), null);
                    if (refusal == null) {
                        return handler.open(context, out);
                    }
                    out.fail(refusal);
                    return new Refused<>();
                };
        return add(method, new Streaming<>(method.requests(), guarded, observers.of(method, true)));
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
