package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.engine.EngineFailedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one client stream. All fields are guarded by the hub's lock.
 *
 * <p>While some of its watchers are late, a pump (one task at a time) reads the event log for them
 * in turn, a limited amount each, and only while the client keeps up.
 */
public final class WatchStream implements AutoCloseable {
    private static final Log LOG = Log.of(WatchStream.class);

    /** How much the pump reads for one watcher before it is the next one's turn. */
    private static final int MAX_TURN_EVENTS = 1000;

    private static final int MAX_TURN_BYTES = 1 << 20;
    private static final int MAX_TURN_SCANNED = 20_000;

    private final WatchHub hub;
    private final GrpcOutbound out;
    private final Map<Long, Watcher> watchers = new HashMap<>();
    private final ArrayDeque<Watcher> late = new ArrayDeque<>();
    private long nextId;
    private boolean pumping;
    private boolean progressOwed;
    private boolean closed;

    WatchStream(WatchHub hub, GrpcOutbound out) {
        this.hub = hub;
        this.out = out;
        out.onReady(() -> hub.run(this::wakePump));
    }

    private void wakePump() {
        hub.lock.lock();
        try {
            startPump();
        } finally {
            hub.lock.unlock();
        }
    }

    /**
     * Starts a watch and tells the client so.
     *
     * @param wantedId 0 to choose one
     * @param startRevision first revision wanted; 0 for what comes after now
     */
    public void create(KeyRange range, long wantedId, long startRevision, WatchOptions options) {
        hub.lock.lock();
        try {
            if (closed) {
                return;
            }
            long revision = hub.revisionNow();
            if (range.empty()) {
                send(hub.responses().refused(revision, "mvcc: watcher range is empty"));
                return;
            }
            if (wantedId != 0 && watchers.containsKey(wantedId)) {
                send(
                        hub.responses()
                                .refused(
                                        revision,
                                        "mvcc: duplicate watch ID provided on the WatchStream"));
                return;
            }
            long id = wantedId == 0 ? freeId() : wantedId;
            long next = startRevision == 0 ? revision + 1 : startRevision;
            var watcher = new Watcher(this, id, range, options, next);
            watchers.put(id, watcher);
            send(hub.responses().created(revision, id));
            // The queue may still hold what was compacted away: the pump refuses it all the same.
            if (hub.compacted(next) || !hub.join(watcher)) {
                addLate(watcher);
            }
        } finally {
            hub.lock.unlock();
        }
    }

    /** Tells the client that a watch is not started, and why. */
    public void refuse(String reason) {
        hub.lock.lock();
        try {
            if (!closed) {
                send(hub.responses().refused(hub.revisionNow(), reason));
            }
        } finally {
            hub.lock.unlock();
        }
    }

    private long freeId() {
        while (watchers.containsKey(nextId)) {
            nextId++;
        }
        return nextId++;
    }

    /** Ends a watch and tells the client so; an unknown one gets no answer. */
    public void cancel(long id) {
        hub.lock.lock();
        try {
            var watcher = watchers.get(id);
            if (watcher != null) {
                remove(watcher);
                send(hub.responses().canceled(hub.revisionNow(), id));
                answerProgress();
            }
        } finally {
            hub.lock.unlock();
        }
    }

    /**
     * Tells the client a revision up to which it has everything, once that is so for all watches.
     */
    public void requestProgress() {
        hub.lock.lock();
        try {
            progressOwed = true;
            answerProgress();
        } finally {
            hub.lock.unlock();
        }
    }

    private void answerProgress() {
        if (progressOwed && late.isEmpty() && !closed) {
            progressOwed = false;
            send(hub.responses().progress(hub.dispatched(), -1));
        }
    }

    /** Ends all watches; nothing is sent any more. */
    @Override
    public void close() {
        hub.lock.lock();
        try {
            closed = true;
            List.copyOf(watchers.values()).forEach(this::remove);
        } finally {
            hub.lock.unlock();
        }
        hub.closed(this);
    }

    /** How many watches there are; under the lock. */
    int watchers() {
        return watchers.size();
    }

    /** How many of them are late; under the lock. */
    int late() {
        return late.size();
    }

    /** Ends all watches and the stream with a status. */
    public void fail(GrpcException reason) {
        close();
        out.fail(reason);
    }

    private void remove(Watcher watcher) {
        watcher.cancel();
        watchers.remove(watcher.id());
        late.remove(watcher);
        hub.leave(watcher);
    }

    boolean keepsUp() {
        return out.ready();
    }

    void send(ByteString response) {
        out.send(response);
    }

    /** Hands a watcher to the pump; under the lock. */
    void addLate(Watcher watcher) {
        late.add(watcher);
        startPump();
    }

    private void startPump() {
        if (!pumping && !late.isEmpty()) {
            pumping = true;
            hub.run(this::pump);
        }
    }

    private void pump() {
        try {
            var watcher = nextLate();
            if (watcher != null) {
                catchUp(watcher);
                hub.run(this::pump);
            }
        } catch (EngineFailedException e) {
            fail(e.status());
        } catch (RuntimeException e) {
            LOG.error("a watch cannot read the event log", "cause", e.toString());
            fail(new GrpcException(GrpcCode.INTERNAL, "etcdserver: the event log cannot be read"));
        }
    }

    /**
     * The late watcher whose turn it is; null when there is none or the client does not keep up,
     * and the pump ends: it is started again when that has changed.
     */
    private @Nullable Watcher nextLate() {
        hub.lock.lock();
        try {
            var watcher = closed || !out.ready() ? null : late.peek();
            if (watcher == null) {
                pumping = false;
            }
            return watcher;
        } finally {
            hub.lock.unlock();
        }
    }

    /** Reads and sends a limited part of what the watcher lacks. */
    private void catchUp(Watcher watcher) {
        var view = hub.view();
        try {
            long from = watcher.next();
            if (WatchHub.compacted(view, from)) {
                cancelCompacted(watcher, view.compactRevision());
                return;
            }
            if (catchUpFromRecent(watcher)) {
                return;
            }
            var turn = new Turn(watcher, view.revision());
            if (from <= view.revision()) {
                view.changes(from, turn::take);
            }
            finish(watcher, turn);
        } finally {
            view.release();
        }
    }

    /** Whether what the watcher lacks was dispatched so lately that the log need not be read. */
    private boolean catchUpFromRecent(Watcher watcher) {
        hub.lock.lock();
        try {
            long from = watcher.next();
            if (!hub.recent().cover(from)) {
                return false;
            }
            var turn = new Turn(watcher, hub.dispatched());
            hub.recent().from(from, turn::take);
            finish(watcher, turn);
            return true;
        } finally {
            hub.lock.unlock();
        }
    }

    /** What the pump reads for one watcher in one turn: whole revisions. */
    private static final class Turn {
        private final Watcher watcher;
        private final List<SharedEvent> events = new ArrayList<>();
        private final long newest;
        private long through;
        private int bytes;
        private int scanned;

        /**
         * @param newest newest revision of the view that is read
         */
        Turn(Watcher watcher, long newest) {
            this.watcher = watcher;
            this.newest = newest;
            this.through = newest;
        }

        boolean take(Change change) {
            return take(new SharedEvent(change));
        }

        boolean take(SharedEvent event) {
            var change = event.change();
            boolean full =
                    events.size() >= MAX_TURN_EVENTS
                            || bytes >= MAX_TURN_BYTES
                            || scanned >= MAX_TURN_SCANNED;
            if (full && change.position() == 0) {
                through = change.revision() - 1;
                return false;
            }
            scanned++;
            if (watcher.range().contains(change.key()) && watcher.wants(change)) {
                events.add(event);
                bytes +=
                        change.key().length
                                + (change.now() == null ? 0 : change.now().valueBytes());
            }
            return true;
        }
    }

    private void finish(Watcher watcher, Turn turn) {
        hub.lock.lock();
        try {
            if (watcher.canceled()) {
                return;
            }
            if (!turn.events.isEmpty()) {
                // Everything up to this revision is contained: a client may resume after it.
                hub.send(watcher, turn.through, turn.events);
            }
            watcher.next(Math.max(watcher.next(), turn.through + 1));
            late.remove(watcher);
            if (turn.through < turn.newest || !hub.join(watcher)) {
                late.add(watcher);
            }
            answerProgress();
        } finally {
            hub.lock.unlock();
        }
    }

    private void cancelCompacted(Watcher watcher, long compactRevision) {
        hub.lock.lock();
        try {
            if (!watcher.canceled()) {
                remove(watcher);
                send(hub.responses().compacted(compactRevision, watcher.id()));
                answerProgress();
            }
        } finally {
            hub.lock.unlock();
        }
    }
}
