package io.skerry.etcd.client;

import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.log.Log;
import io.skerry.base.thread.ThreadEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows changes of a key or prefix until it is closed, over as many streams as it takes.
 *
 * <p>Its one state is {@code next}, the first revision not yet told. A stream that breaks is
 * replaced by one that starts at {@code next}; events below it are dropped. So no event is lost,
 * and none told twice, whatever happens to connections and members in between. A listener that does
 * not keep up costs the stream, not memory: it is cut and taken up again when the listener has
 * caught up.
 */
public final class Watch implements AutoCloseable {
    private static final Log LOG = Log.of(Watch.class);
    private static final int MAX_WAITING_RESPONSES = 1_024;
    private static final long CREATE_SECONDS = 5;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final int FRAGMENT = 7;

    private final EtcdClient client;
    private final WatchRequest request;
    private final WatchListener listener;
    private final Thread thread;
    private final Runnable closing = this::close;
    private volatile boolean closed;
    // All confined to the thread.
    private long next;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private boolean createdTold;
    private boolean endTold;
    private long token;
    private long wornToken = -1;

    private Watch(EtcdClient client, WatchRequest request, WatchListener listener) {
        this.client = client;
        this.request = request;
        this.listener = listener;
        this.next = request.fromRevision();
        this.thread = Thread.ofVirtual().name("watch " + request.key()).unstarted(this::run);
    }

    static Watch start(EtcdClient client, WatchRequest request, WatchListener listener) {
        var watch = new Watch(client, request, listener);
        client.closeLater(watch.closing);
        watch.thread.start();
        return watch;
    }

    /** What a stream brings to the thread. */
    private sealed interface Item {
        record Response(WatchResponse response) implements Item {}

        record End(@Nullable GrpcException reason) implements Item {}
    }

    /** The receiving side of one stream. */
    private static final class Inbox implements GrpcInbound<WatchResponse> {
        private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
        private volatile @Nullable GrpcOutbound out;
        private boolean cut;

        @Override
        public void message(WatchResponse message) {
            GrpcOutbound stream = out;
            if (cut) {
                return;
            }
            if (items.size() >= MAX_WAITING_RESPONSES && stream != null) {
                cut = true;
                stream.fail(new GrpcException(GrpcCode.CANCELLED, "the listener is too slow"));
                return;
            }
            items.add(new Item.Response(message));
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {
            items.add(new Item.End(reason));
        }
    }

    private void run() {
        try {
            while (!closed) {
                if (follow()) {
                    return;
                }
                long pause = pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis);
                pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (RuntimeException e) {
            LOG.error("a watch failed and has ended", "key", request.key(), e);
            if (!closed && !endTold) {
                tellFault(e);
            }
        } finally {
            client.closedAlready(closing);
        }
    }

    /** Who listens would otherwise go by what it heard last for good. */
    private void tellFault(RuntimeException fault) {
        var cause = new GrpcException(GrpcCode.INTERNAL, fault.toString());
        tellRefused(new EtcdException("watch of " + request.key() + " failed", cause, false));
    }

    /** At most once: who throws when told the end has been told it. */
    private void tellRefused(EtcdException reason) {
        endTold = true;
        listener.onRefused(reason);
    }

    /** Follows over one stream; true when the watch is over for good. */
    private boolean follow() throws InterruptedException {
        Login login = client.login();
        if (login != null) {
            try {
                token = login.ready(wornToken, Duration.ofSeconds(CREATE_SECONDS));
            } catch (GrpcException e) {
                return ended(e);
            }
        }
        var inbox = new Inbox();
        GrpcOutbound out = client.transport().stream(EtcdMethods.WATCH, inbox);
        inbox.out = out;
        out.send(request.toProto(next).toByteString());
        List<WatchEvent> fragments = new ArrayList<>();
        boolean created = false;
        var goodbye = new GrpcException(GrpcCode.CANCELLED, "the watch moves on");
        try {
            while (true) {
                // A member that takes connections but never answers must not hold the watch.
                Item item =
                        created
                                ? inbox.items.take()
                                : inbox.items.poll(CREATE_SECONDS, TimeUnit.SECONDS);
                switch (item) {
                    case null -> {
                        // The transport then turns to another member.
                        goodbye = new GrpcException(GrpcCode.DEADLINE_EXCEEDED, "no answer");
                        return false;
                    }
                    case Item.End(GrpcException reason) -> {
                        return ended(reason);
                    }
                    case Item.Response(WatchResponse response) -> {
                        if (response.getCanceled()) {
                            return cancelled(response);
                        }
                        if (response.getCreated()) {
                            created = true;
                            created(response.getHeader().getRevision());
                        }
                        take(response, fragments);
                    }
                }
            }
        } finally {
            out.fail(goodbye);
        }
    }

    private void created(long revision) {
        wornToken = -1;
        pauseMillis = FIRST_PAUSE_MILLIS;
        if (next == 0) {
            next = revision + 1;
        }
        if (!createdTold) {
            createdTold = true;
            listener.onCreated(next);
        }
    }

    private void take(WatchResponse response, List<WatchEvent> fragments) {
        if (response.getEventsCount() == 0) {
            // Created answers tell where the store is, not what has been told.
            if (!response.getCreated() && response.getHeader().getRevision() >= next) {
                next = response.getHeader().getRevision() + 1;
                listener.onProgress(next - 1);
            }
            return;
        }
        for (var event : response.getEventsList()) {
            WatchEvent change = WatchEvent.of(event);
            if (change.revision() >= next) {
                fragments.add(change);
            }
        }
        boolean more =
                response.getUnknownFields().getField(FRAGMENT).getVarintList().stream()
                        .anyMatch(flag -> flag != 0);
        if (more || fragments.isEmpty()) {
            return;
        }
        List<WatchEvent> whole = List.copyOf(fragments);
        fragments.clear();
        long last = whole.getLast().revision();
        listener.onEvents(last, whole);
        next = last + 1;
    }

    private boolean cancelled(WatchResponse response) {
        if (response.getCompactRevision() > 0) {
            endTold = true;
            listener.onCompacted(response.getCompactRevision());
            return true;
        }
        String reason = response.getCancelReason();
        if (reason.contains("no leader") || reason.isEmpty()) {
            return false;
        }
        return refused(new GrpcException(GrpcCode.FAILED_PRECONDITION, reason));
    }

    private boolean ended(@Nullable GrpcException reason) {
        GrpcCode code = reason == null ? GrpcCode.OK : reason.code();
        return switch (code) {
            case PERMISSION_DENIED, UNAUTHENTICATED, UNIMPLEMENTED, INVALID_ARGUMENT ->
                    refused(reason == null ? new GrpcException(code, "refused") : reason);
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS -> {
                LOG.debug(
                        "watch stream ended, it is taken up again",
                        "key",
                        request.key(),
                        "next",
                        next,
                        "cause",
                        reason);
                yield false;
            }
        };
    }

    private boolean refused(GrpcException reason) {
        // A stale token looks like a want of permission; a fresh one tells them apart.
        if (client.login() != null && wornToken < 0) {
            wornToken = token;
            return false;
        }
        tellRefused(new EtcdException("watch of " + request.key() + " refused", reason, false));
        return true;
    }

    /** For tests: waits until the watch is over, and whether it is by then. */
    boolean awaitEnd(Duration most) throws InterruptedException {
        return thread.join(most);
    }

    /** Ends the watch; when it returns no callback runs or will, unless a callback closes it. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        ThreadEnd.await(thread);
    }
}
