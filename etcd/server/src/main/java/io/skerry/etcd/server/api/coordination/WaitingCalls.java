package io.skerry.etcd.server.api.coordination;

import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.RouterCalls;
import io.skerry.base.grpc.StreamHandler;
import io.skerry.base.log.Log;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls that may wait for long, each on a virtual thread, and ends the wait of a caller who
 * goes. The threads are not interrupted, for they may be on their way through the store.
 */
final class WaitingCalls implements AutoCloseable {
    private static final Log LOG = Log.of(WaitingCalls.class);

    private final RouterCalls calls;
    private final Set<Call<?>> running = ConcurrentHashMap.newKeySet();

    WaitingCalls(RouterCalls calls) {
        this.calls = calls;
    }

    /** Answers one request; sends nothing after it has failed. */
    @FunctionalInterface
    interface Handler<Q> {
        void handle(Q request, CallerStore store, GrpcOutbound out) throws GrpcException;
    }

    <Q extends MessageLite> StreamHandler<Q> serve(Handler<Q> handler) {
        return (context, out) -> new Call<>(handler, context, out);
    }

    /** Ends all waits. */
    @Override
    public void close() {
        running.forEach(call -> call.gone.complete(null));
    }

    private final class Call<Q> implements GrpcInbound<Q> {
        private final Handler<Q> handler;
        private final GrpcContext context;
        private final GrpcOutbound out;
        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private boolean asked;

        Call(Handler<Q> handler, GrpcContext context, GrpcOutbound out) {
            this.handler = handler;
            this.context = context;
            this.out = out;
        }

        @Override
        public void message(Q request) {
            if (asked) {
                out.fail(new GrpcException(GrpcCode.INTERNAL, "this method takes one request"));
                return;
            }
            asked = true;
            running.add(this);
            var _ = Thread.ofVirtual().name("coordination").start(() -> run(request));
        }

        private void run(Q request) {
            try {
                handler.handle(request, new CallerStore(calls, context, gone), out);
                out.complete();
            } catch (GrpcException e) {
                out.fail(e);
            } catch (RuntimeException e) {
                LOG.error("lock or election failed", e);
                out.fail(GrpcException.from(e));
            } finally {
                running.remove(this);
            }
        }

        @Override
        public void halfClosed() {
            if (!asked) {
                out.fail(new GrpcException(GrpcCode.INTERNAL, "this method takes one request"));
            }
        }

        @Override
        public void closed(@Nullable GrpcException reason) {
            gone.complete(null);
        }
    }
}
