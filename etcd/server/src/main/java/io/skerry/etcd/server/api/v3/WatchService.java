package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.store.Refusal;
import io.skerry.etcd.server.store.UnknownFields;
import io.skerry.etcd.server.watch.WatchHub;
import io.skerry.etcd.server.watch.WatchOptions;
import io.skerry.etcd.server.watch.WatchStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The service {@code etcdserverpb.Watch}. */
final class WatchService implements AutoCloseable {
    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[] {0});

    /** For how many election timeouts a stream that wants a leader may be without one. */
    private static final int LEADERLESS_TIMEOUTS = 3;

    private final WatchHub hub;
    private final ReplicatedLog log;
    private final Calls calls;
    private final Set<WatchStream> streamsThatWantALeader = ConcurrentHashMap.newKeySet();
    private final Thread leaderWatcher;
    private volatile boolean closed;

    WatchService(WatchHub hub, ReplicatedLog log, Calls calls, Duration electionTimeout) {
        this.hub = hub;
        this.calls = calls;
        this.log = log;
        this.leaderWatcher =
                Thread.ofVirtual()
                        .name("watch-leader")
                        .start(() -> endStreamsWithoutLeader(electionTimeout));
    }

    void register(GrpcRouter router) {
        router.stream(EtcdMethods.WATCH, this::open);
    }

    private GrpcInbound<WatchRequest> open(GrpcContext context, GrpcOutbound out) {
        var stream = hub.open(out);
        if (Calls.wantsLeader(context)) {
            streamsThatWantALeader.add(stream);
        }
        return new Requests(stream, context, out);
    }

    private void endStreamsWithoutLeader(Duration electionTimeout) {
        int without = 0;
        while (!closed) {
            LockSupport.parkNanos(electionTimeout.toNanos());
            without = log.status().leaderId() == 0 ? without + 1 : 0;
            if (without >= LEADERLESS_TIMEOUTS) {
                streamsThatWantALeader.forEach(stream -> {
                    streamsThatWantALeader.remove(stream);
                    stream.fail(Refusal.NO_LEADER.exception());
                });
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(leaderWatcher);
    }

    private final class Requests implements GrpcInbound<WatchRequest> {
        private final WatchStream stream;
        private final GrpcContext context;
        private final GrpcOutbound out;

        /** Ends when everything before it was done; requests are carried out in their order. */
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

        Requests(WatchStream stream, GrpcContext context, GrpcOutbound out) {
            this.stream = stream;
            this.context = context;
            this.out = out;
        }

        @Override
        public void message(WatchRequest request) {
            if (request.hasCreateRequest()) {
                var create = request.getCreateRequest();
                last =
                        failing(
                                last.thenCompose(_ -> permitted(create))
                                        .thenAccept(refusal -> create(create, refusal)));
            } else {
                last = failing(last.thenRun(() -> handle(request)));
            }
        }

        private CompletableFuture<Void> failing(CompletableFuture<Void> step) {
            return step.whenComplete((_, failure) -> {
                if (failure != null) {
                    stream.fail(GrpcException.from(failure));
                }
            });
        }

        /** Completes with why the watch is refused; empty if it is not. */
        private CompletionStage<String> permitted(WatchCreateRequest request) {
            return calls.permit(
                            context,
                            (state, caller, _) ->
                                    state.requireRead(caller, key(request), request.getRangeEnd()))
                    .handle((_, failure) ->
                            failure == null ? "" : reason(GrpcException.from(failure)));
        }

        /** As Go prints a status; etcd's clients look for these words. */
        private static String reason(GrpcException refusal) {
            var code = new StringBuilder();
            for (var word : refusal.code().name().split("_", -1)) {
                code.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
            }
            return "rpc error: code = " + code + " desc = " + refusal.getMessage();
        }

        private void handle(WatchRequest request) {
            switch (request.getRequestUnionCase()) {
                case CANCEL_REQUEST -> stream.cancel(request.getCancelRequest().getWatchId());
                case PROGRESS_REQUEST -> stream.requestProgress();
                case CREATE_REQUEST, REQUESTUNION_NOT_SET -> {}
            }
        }

        private static ByteString key(WatchCreateRequest request) {
            return request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
        }

        private void create(WatchCreateRequest request, String refusal) {
            if (!refusal.isEmpty()) {
                stream.refuse(refusal);
                return;
            }
            var filters = request.getFiltersList();
            stream.create(
                    KeyRange.of(key(request), request.getRangeEnd()),
                    UnknownFields.number(request, UnknownFields.WATCH_ID),
                    request.getStartRevision(),
                    new WatchOptions(
                            filters.contains(WatchCreateRequest.FilterType.NOPUT),
                            filters.contains(WatchCreateRequest.FilterType.NODELETE),
                            request.getPrevKv(),
                            request.getProgressNotify(),
                            UnknownFields.number(request, UnknownFields.WATCH_FRAGMENT) != 0));
        }

        @Override
        public void halfClosed() {
            last =
                    last.thenRun(() -> {
                        stream.close();
                        out.complete();
                    });
        }

        @Override
        public void closed(@Nullable GrpcException reason) {
            streamsThatWantALeader.remove(stream);
            stream.close();
        }
    }
}
