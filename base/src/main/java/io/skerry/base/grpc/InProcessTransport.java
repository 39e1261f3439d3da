package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the handlers of a router in this process: no socket, no frame, requests are not encoded.
 * Unary handlers run on the caller's thread; each stream has its own order of callbacks on virtual
 * threads.
 */
public final class InProcessTransport implements GrpcTransport {
    private static final GrpcContext CONTEXT =
            new GrpcContext() {
                @Override
                public @Nullable X509Certificate peerCertificate() {
                    return null;
                }

                @Override
                public @Nullable String metadata(String name) {
                    return null;
                }

                @Override
                public String remoteAddress() {
                    return "in-process";
                }
            };

    private final GrpcRouter router;
    private final Set<Stream<?, ?>> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public InProcessTransport(GrpcRouter router) {
        this.router = router;
    }

    @Override
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> unary(
            GrpcMethod<Q, R> method, Q request, Duration deadline) {
        UnaryHandler<Q> handler = unaryHandler(method);
        if (closed || handler == null) {
            return CompletableFuture.failedFuture(unavailable(method));
        }
        CompletionStage<ByteString> answer;
        try {
            answer = handler.handle(request, CONTEXT);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(CallContext.status(method.path(), e));
        }
        var result = new CompletableFuture<R>();
        answer.whenComplete((bytes, failure) -> {
            if (bytes == null) {
                result.completeExceptionally(CallContext.status(method.path(), failure));
                return;
            }
            try {
                result.complete(method.responses().parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                result.completeExceptionally(
                        new GrpcException(GrpcCode.INTERNAL, "malformed response", e));
            }
        });
        if (result.isDone()) {
            return result;
        }
        return result.orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(failure ->
                        CompletableFuture.failedFuture(
                                failure instanceof TimeoutException
                                        ? late(deadline)
                                        : GrpcException.from(failure)));
    }

    private static GrpcException late(Duration deadline) {
        return new GrpcException(
                GrpcCode.DEADLINE_EXCEEDED, "no answer within " + deadline.toMillis() + " ms");
    }

    private GrpcException unavailable(GrpcMethod<?, ?> method) {
        return closed
                ? new GrpcException(GrpcCode.CANCELLED, "the client is closed")
                : new GrpcException(GrpcCode.UNIMPLEMENTED, "unknown method " + method.path());
    }

    @Override
    public <Q extends MessageLite, R extends MessageLite> GrpcOutbound stream(
            GrpcMethod<Q, R> method, GrpcInbound<R> inbound) {
        var stream = new Stream<>(method, inbound);
        StreamHandler<Q> handler = streamHandler(method);
        streams.add(stream);
        if (closed || handler == null) {
            stream.end(unavailable(method), unavailable(method));
        } else {
            stream.toServer.run(() -> stream.open(handler));
        }
        return stream.fromClient();
    }

    /** The request type of a route is that of the method it was registered with. */
    @SuppressWarnings("unchecked")
    private <Q extends MessageLite> @Nullable UnaryHandler<Q> unaryHandler(
            GrpcMethod<Q, ?> method) {
        return router.find(method.path()) instanceof GrpcRouter.Unary<?> unary
                ? (UnaryHandler<Q>) unary.handler()
                : null;
    }

    @SuppressWarnings("unchecked")
    private <Q extends MessageLite> @Nullable StreamHandler<Q> streamHandler(
            GrpcMethod<Q, ?> method) {
        return router.find(method.path()) instanceof GrpcRouter.Streaming<?> streaming
                ? (StreamHandler<Q>) streaming.handler()
                : null;
    }

    @Override
    public void close() {
        closed = true;
        var reason = new GrpcException(GrpcCode.CANCELLED, "the client is closed");
        streams.forEach(stream -> stream.end(reason, reason));
    }

    /** One stream; callbacks of either side run in their own order. */
    private final class Stream<Q extends MessageLite, R extends MessageLite> {
        private final GrpcMethod<Q, R> method;
        private final GrpcInbound<R> client;
        private final SerialExecutor toClient = new SerialExecutor();
        private final SerialExecutor toServer = new SerialExecutor();
        // Confined to toServer.
        private @Nullable GrpcInbound<Q> server;
        private boolean serverClosed;
        // Confined to toClient.
        private boolean clientClosed;

        Stream(GrpcMethod<Q, R> method, GrpcInbound<R> client) {
            this.method = method;
            this.client = client;
        }

        void open(StreamHandler<Q> handler) {
            if (!serverClosed) {
                server = handler.open(CONTEXT, fromServer());
            }
        }

        /** Ends both sides, each with its own reason. */
        void end(@Nullable GrpcException clientStatus, @Nullable GrpcException serverReason) {
            streams.remove(this);
            toClient.run(() -> {
                if (!clientClosed) {
                    clientClosed = true;
                    client.halfClosed();
                    client.closed(clientStatus);
                }
            });
            toServer.run(() -> {
                GrpcInbound<Q> open = server;
                if (!serverClosed && open != null) {
                    open.closed(serverReason);
                }
                serverClosed = true;
            });
        }

        GrpcOutbound fromServer() {
            return new Direction(toClient) {
                @Override
                public void send(ByteString message) {
                    toClient.run(() -> {
                        if (!clientClosed) {
                            deliver(message);
                        }
                    });
                }

                @Override
                public void complete() {
                    end(null, null);
                }

                @Override
                public void fail(GrpcException reason) {
                    end(reason, null);
                }
            };
        }

        private void deliver(ByteString message) {
            try {
                client.message(method.responses().parseFrom(message));
            } catch (InvalidProtocolBufferException e) {
                var broken = new GrpcException(GrpcCode.INTERNAL, "malformed response", e);
                end(broken, broken);
            }
        }

        GrpcOutbound fromClient() {
            return new Direction(toServer) {
                @Override
                public void send(ByteString message) {
                    toServer.run(() -> {
                        GrpcInbound<Q> open = server;
                        if (!serverClosed && open != null) {
                            receive(open, message);
                        }
                    });
                }

                @Override
                public void complete() {
                    toServer.run(() -> {
                        GrpcInbound<Q> open = server;
                        if (!serverClosed && open != null) {
                            open.halfClosed();
                        }
                    });
                }

                @Override
                public void fail(GrpcException reason) {
                    end(reason, new GrpcException(GrpcCode.CANCELLED, "the client cancelled"));
                }
            };
        }

        private void receive(GrpcInbound<Q> open, ByteString message) {
            try {
                open.message(GrpcService.parse(method.requests(), message));
            } catch (GrpcException e) {
                end(e, null);
            } catch (RuntimeException e) {
                end(CallContext.status(method.path(), e), null);
            }
        }
    }

    /** A direction of a stream, ready while few callbacks wait. */
    private abstract static class Direction implements GrpcOutbound {
        private final SerialExecutor receiver;

        Direction(SerialExecutor receiver) {
            this.receiver = receiver;
        }

        @Override
        public boolean ready() {
            return receiver.ready();
        }

        @Override
        public void onReady(Runnable whenBelowMark) {
            receiver.onReady(whenBelowMark);
        }
    }
}
