package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.engine.EngineFailedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
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

    /** Of watchers that lack the same, before it is the next one's turn. */
    private static final int MAX_TURN_WATCHERS = 1000;

    private final WatchHub hub;
    private final GrpcOutbound out;
    private final Map<Long, Watcher> watchers = new HashMap<>();
    private final Map<Asked, Cohort> cohorts = new HashMap<>();

    /** In the order of their turns. */
    private final LinkedHashSet<Watcher> late = new LinkedHashSet<>();

    /** What was read last, while somebody is late, who may lack the same. */
    private @Nullable Turn lastTurn;

    private long nextId;
    private boolean pumping;
    private boolean progressOwed;
    private boolean closed;

    /** What watches of one cohort have in common. */
    private record Asked(KeyRange range, WatchOptions options) {}

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
            var watcher = new Watcher(cohort(range, options), id, next);
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

    private Cohort cohort(KeyRange range, WatchOptions options) {
        var cohort =
                cohorts.computeIfAbsent(
                        new Asked(range, options), _ -> new Cohort(this, range, options));
        cohort.enter();
        return cohort;
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

    /** For tests: whether what was read last is still held. */
    boolean remembers() {
        hub.lock.lock();
        try {
            return lastTurn != null;
        } finally {
            hub.lock.unlock();
        }
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
        var cohort = watcher.cohort();
        watcher.cancel();
        watchers.remove(watcher.id());
        if (cohort.leave()) {
            cohorts.remove(new Asked(cohort.range(), cohort.options()));
        }
        late.remove(watcher);
        if (late.isEmpty()) {
            lastTurn = null;
        }
        hub.leave(watcher);
    }

    boolean keepsUp() {
        return out.ready();
    }

    void send(ByteString response) {
        out.send(response);
    }

    /** Sends responses that differ in the field that names their watch. */
    void sendAlike(ByteString begin, List<ByteString> watchIds, ByteString events) {
        out.sendAlike(begin, watchIds, events);
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
            var group = nextLate();
            if (!group.isEmpty()) {
                catchUp(group);
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
     * The late watcher whose turn it is, and those behind it that lack the same; none when there is
     * none or the client does not keep up, and the pump ends: it is started again when that has
     * changed.
     */
    private List<Watcher> nextLate() {
        hub.lock.lock();
        try {
            var group = new ArrayList<Watcher>();
            if (!closed && out.ready()) {
                for (var watcher : late) {
                    boolean another =
                            group.isEmpty()
                                    || (group.size() < MAX_TURN_WATCHERS
                                            && lacksTheSame(watcher, group.getFirst()));
                    if (!another) {
                        break;
                    }
                    group.add(watcher);
                }
            }
            pumping = !group.isEmpty();
            return group;
        } finally {
            hub.lock.unlock();
        }
    }

    private static boolean lacksTheSame(Watcher one, Watcher other) {
        return one.cohort() == other.cohort() && one.next() == other.next();
    }

    /** Reads and sends a limited part of what the watchers lack. */
    private void catchUp(List<Watcher> group) {
        var view = hub.view();
        try {
            long from = group.getFirst().next();
            if (WatchHub.compacted(view, from)) {
                cancelCompacted(group, view.compactRevision());
                return;
            }
            if (catchUpFromMemory(group)) {
                return;
            }
            var turn = new Turn(group.getFirst().cohort(), from, view.revision());
            if (from <= view.revision()) {
                view.changes(from, turn::take);
            }
            finish(group, turn);
        } finally {
            view.release();
        }
    }

    /**
     * Whether what the watchers lack was just read for others, or dispatched so lately that the log
     * need not be read.
     */
    private boolean catchUpFromMemory(List<Watcher> group) {
        hub.lock.lock();
        try {
            var cohort = group.getFirst().cohort();
            long from = group.getFirst().next();
            var last = lastTurn;
            if (last != null && last.serves(cohort, from, hub.dispatched())) {
                finish(group, last);
                return true;
            }
            if (!hub.recent().cover(from)) {
                return false;
            }
            var turn = new Turn(cohort, from, hub.dispatched());
            hub.recent().from(from, turn::take);
            finish(group, turn);
            return true;
        } finally {
            hub.lock.unlock();
        }
    }

    private void finish(List<Watcher> group, Turn turn) {
        hub.lock.lock();
        try {
            var watchers = group.stream().filter(watcher -> !watcher.canceled()).toList();
            var parcel = turn.parcel();
            if (!watchers.isEmpty() && !parcel.isEmpty()) {
                int told = hub.send(Recipients.of(watchers), parcel);
                watchers = watchers.subList(0, told);
            }
            for (var watcher : watchers) {
                watcher.next(Math.max(watcher.next(), parcel.through() + 1));
                late.remove(watcher);
                if (turn.cutOff() || !hub.join(watcher)) {
                    late.add(watcher);
                }
            }
            lastTurn = late.isEmpty() ? null : turn;
            answerProgress();
        } finally {
            hub.lock.unlock();
        }
    }

    private void cancelCompacted(List<Watcher> group, long compactRevision) {
        hub.lock.lock();
        try {
            for (var watcher : group) {
                if (!watcher.canceled()) {
                    remove(watcher);
                    send(hub.responses().compacted(compactRevision, watcher.id()));
                }
            }
            answerProgress();
        } finally {
            hub.lock.unlock();
        }
    }
}
