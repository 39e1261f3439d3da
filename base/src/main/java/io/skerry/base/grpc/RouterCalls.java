package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods of a router with encoded messages and in the name of a given caller: for
 * gateways, and for services that are made of other services' methods. Thread-safe.
 */
public final class RouterCalls {
    private final GrpcRouter router;

    public RouterCalls(GrpcRouter router) {
        this.router = router;
    }

    /**
     * Calls a method that answers once. A method that is registered as a stream gets one request;
     * its first message is the answer.
     *
     * @param path {@code /service/method}
     * @return fails with a {@link GrpcException}; UNIMPLEMENTED when there is no such method
     */
    public CompletionStage<ByteString> unary(String path, ByteString request, GrpcContext context) {
        return switch (router.find(path)) {
            case null -> CompletableFuture.failedFuture(unknown(path));
            case GrpcRouter.Unary<?> unary -> call(path, unary, request, context);
            case GrpcRouter.Streaming<?> _ -> {
                var first = new FirstAnswer();
                var inbound = stream(path, context, first);
                inbound.message(request);
                inbound.halfClosed();
                yield first.answer.whenComplete((_, _) -> inbound.closed(null));
            }
        };
    }

    private static <Q extends MessageLite> CompletionStage<ByteString> call(
            String path, GrpcRouter.Unary<Q> route, ByteString request, GrpcContext context) {
        try {
            return route.handler()
                    .handle(GrpcService.parse(route.requests(), request), context)
                    .exceptionallyCompose(failure ->
                            CompletableFuture.failedFuture(CallContext.status(path, failure)));
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(CallContext.status(path, e));
        }
    }

    /**
     * Opens a stream. The caller drives the returned side by one thread at a time, and calls {@link
     * GrpcInbound#closed} when it is through; {@code out} is told what the method sends. A method
     * that answers once may be opened, too: it takes the first message.
     */
    public GrpcInbound<ByteString> stream(String path, GrpcContext context, GrpcOutbound out) {
        return switch (router.find(path)) {
            case null -> {
                out.fail(unknown(path));
                yield new Deaf();
            }
            case GrpcRouter.Streaming<?> streaming -> open(path, streaming, context, out);
            case GrpcRouter.Unary<?> unary -> new Once(path, unary, context, out);
        };
    }

    private static <Q extends MessageLite> GrpcInbound<ByteString> open(
            String path, GrpcRouter.Streaming<Q> route, GrpcContext context, GrpcOutbound out) {
        return new Encoded<>(path, route.handler().open(context, out), route, out);
    }

    private static GrpcException unknown(String path) {
        return new GrpcException(GrpcCode.UNIMPLEMENTED, "unknown method " + path);
    }

    /** Parses what goes into a stream. */
    private record Encoded<Q extends MessageLite>(
            String path, GrpcInbound<Q> handler, GrpcRouter.Streaming<Q> route, GrpcOutbound out)
            implements GrpcInbound<ByteString> {
        @Override
        public void message(ByteString encoded) {
            try {
                handler.message(GrpcService.parse(route.requests(), encoded));
            } catch (GrpcException e) {
                out.fail(e);
            } catch (RuntimeException e) {
                out.fail(CallContext.status(path, e));
            }
        }

        @Override
        public void halfClosed() {
            handler.halfClosed();
        }

        @Override
        public void closed(@Nullable GrpcException reason) {
            handler.closed(reason);
        }
    }

    /** A method that answers once, seen as a stream. */
    private static final class Once implements GrpcInbound<ByteString> {
        private final String path;
        private final GrpcRouter.Unary<?> route;
        private final GrpcContext context;
        private final GrpcOutbound out;
        private boolean asked;

        Once(String path, GrpcRouter.Unary<?> route, GrpcContext context, GrpcOutbound out) {
            this.path = path;
            this.route = route;
            this.context = context;
            this.out = out;
        }

        @Override
        public void message(ByteString encoded) {
            if (asked) {
                out.fail(new GrpcException(GrpcCode.INTERNAL, path + " takes one request"));
                return;
            }
            asked = true;
            var _ =
                    call(path, route, encoded, context)
                            .whenComplete((answer, failure) -> {
                                if (failure == null) {
                                    out.send(answer);
                                    out.complete();
                                } else {
                                    out.fail(GrpcException.from(failure));
                                }
                            });
        }

        @Override
        public void halfClosed() {
            if (!asked) {
                out.fail(new GrpcException(GrpcCode.INTERNAL, path + " takes one request"));
            }
        }

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }

    /** Of a method that does not exist. */
    private static final class Deaf implements GrpcInbound<ByteString> {
        @Override
        public void message(ByteString encoded) {}

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }

    /** Keeps the first message of a stream. */
    private static final class FirstAnswer implements GrpcOutbound {
        private final CompletableFuture<ByteString> answer = new CompletableFuture<>();

        @Override
        public void send(ByteString encodedMessage) {
            answer.complete(encodedMessage);
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void onReady(Runnable whenBelowMark) {}

        @Override
        public void complete() {
            answer.completeExceptionally(
                    new GrpcException(GrpcCode.INTERNAL, "the method ended without an answer"));
        }

        @Override
        public void fail(GrpcException reason) {
            answer.completeExceptionally(reason);
        }
    }
}
