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
import java.util.Set;
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
    private final Set<WatchStream> streamsThatWantALeader = ConcurrentHashMap.newKeySet();
    private final Thread leaderWatcher;
    private volatile boolean closed;

    WatchService(WatchHub hub, ReplicatedLog log, Duration electionTimeout) {
        this.hub = hub;
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
        return new Requests(stream, out);
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
        private final GrpcOutbound out;

        Requests(WatchStream stream, GrpcOutbound out) {
            this.stream = stream;
            this.out = out;
        }

        @Override
        public void message(WatchRequest request) {
            switch (request.getRequestUnionCase()) {
                case CREATE_REQUEST -> create(request.getCreateRequest());
                case CANCEL_REQUEST -> stream.cancel(request.getCancelRequest().getWatchId());
                case PROGRESS_REQUEST -> stream.requestProgress();
                case REQUESTUNION_NOT_SET -> {}
            }
        }

        private void create(WatchCreateRequest request) {
            var key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
            var filters = request.getFiltersList();
            stream.create(
                    KeyRange.of(key, request.getRangeEnd()),
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
            stream.close();
            out.complete();
        }

        @Override
        public void closed(@Nullable GrpcException reason) {
            streamsThatWantALeader.remove(stream);
            stream.close();
        }
    }
}
