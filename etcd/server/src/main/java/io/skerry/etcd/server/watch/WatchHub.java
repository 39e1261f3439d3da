package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.ReadView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives applied changes to watchers.
 *
 * <p>A watcher is either up to date (in the index) or late (its stream's pump reads the event log
 * for it). One lock guards who is where, each watcher's position, and the order of what is sent. It
 * is never held while reading the store. The rules that make delivery exact:
 *
 * <ul>
 *   <li>{@code dispatched} is the revision up to which changes were given to the watchers up to
 *       date.
 *   <li>A late watcher may join the index when its next revision is greater than {@code
 *       dispatched}: what comes from the queue then continues or overlaps what it has, and an
 *       overlap is skipped by its position.
 *   <li>A watcher whose stream does not keep up leaves the index with its position at the first
 *       revision that it could not be given.
 *   <li>A response's header names a revision up to which its watcher has everything, whole
 *       revisions only: several that were applied together are told together.
 * </ul>
 */
public final class WatchHub implements AutoCloseable {
    private static final Log LOG = Log.of(WatchHub.class);

    /** Changes waiting for the dispatcher; beyond, all watchers become late and read the log. */
    private static final int MAX_QUEUED_CHANGES = 200_000;

    /** What was applied together is told together up to this, always in whole revisions. */
    private static final int MAX_PART_CHANGES = 200;

    private static final int MAX_PART_BYTES = 256 << 10;

    /** To so many watchers the same is sent before it is asked whether their stream keeps up. */
    private static final long MAX_SENT_BYTES = 256 << 10;

    private final Supplier<ReadView> views;
    private final WatchResponses responses;
    private final LinkedBlockingQueue<Batch> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger queuedChanges = new AtomicInteger();

    /** Batches that are in the queue or being dispatched. */
    private final AtomicInteger undispatched = new AtomicInteger();

    private final LongAdder eventsSent = new LongAdder();
    private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();
    private final Executor pumps;
    private @Nullable Thread dispatcher;
    private final WatcherIndex upToDate = new WatcherIndex();
    final ReentrantLock lock = new ReentrantLock();
    private final RecentEvents recent;
    private long dispatched;
    private volatile boolean closed;

    /** Changes in order; none if they are to be read from the event log. */
    private record Batch(List<Change> changes, long revision, boolean gap) {}

    /**
     * @param views gives the newest view, retained
     * @param headers makes an encoded header for a revision; 0 leaves the revision out
     * @param progressInterval how often a quiet watch is told the revision if it asked for that
     * @param revision newest revision of the store; changes after it must come by {@link #applied}
     */
    public WatchHub(
            Supplier<ReadView> views,
            LongFunction<ByteString> headers,
            Duration progressInterval,
            long revision) {
        this(views, headers, revision, pump -> Thread.ofVirtual().name("watch-pump").start(pump));
        this.dispatcher =
                Thread.ofPlatform()
                        .daemon()
                        .name("watch-dispatcher")
                        .start(() -> dispatchAll(progressInterval));
    }

    /**
     * One that does nothing by itself: somebody calls {@link #dispatchNext} and {@link
     * #tellProgress}.
     *
     * @param pumps runs what reads the event log for late watchers, a limited amount at a time
     */
    WatchHub(
            Supplier<ReadView> views,
            LongFunction<ByteString> headers,
            long revision,
            Executor pumps) {
        this.views = views;
        this.responses = new WatchResponses(headers);
        this.dispatched = revision;
        this.recent = new RecentEvents(revision);
        this.pumps = pumps;
    }

    void run(Runnable pump) {
        pumps.execute(pump);
    }

    /** Takes changes from the applying thread; never blocks. */
    public void applied(List<Change> changes, long revision) {
        if (changes.isEmpty()) {
            return;
        }
        if (passed(revision)) {
            return;
        }
        boolean gap = queuedChanges.get() > MAX_QUEUED_CHANGES;
        queuedChanges.addAndGet(gap ? 0 : changes.size());
        enqueue(new Batch(gap ? List.of() : List.copyOf(changes), revision, gap));
    }

    /**
     * Whether nobody watches and all before was dispatched: then the dispatcher need not wake. Who
     * comes later and wants an older revision reads the event log, as that was dispatched.
     */
    private boolean passed(long revision) {
        if (!streams.isEmpty() || undispatched.get() > 0 || !lock.tryLock()) {
            return false;
        }
        try {
            // A stream is known before it takes the lock to start a watch.
            boolean nobody = streams.isEmpty();
            if (nobody) {
                dispatched = Math.max(dispatched, revision);
                recent.restartAfter(dispatched);
            }
            return nobody;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Batch batch) {
        undispatched.incrementAndGet();
        queue.add(batch);
    }

    /** The state was replaced: watchers go on from where they are, through the new event log. */
    public void replaced(long revision) {
        enqueue(new Batch(List.of(), revision, true));
    }

    /** Starts a stream of watches. */
    public WatchStream open(GrpcOutbound out) {
        var stream = new WatchStream(this, out);
        streams.add(stream);
        return stream;
    }

    void closed(WatchStream stream) {
        streams.remove(stream);
    }

    /**
     * How many watches there are now.
     *
     * @param streams on which they lie
     * @param late those that do not have the newest changes
     * @param pendingChanges that are not yet looked at for anybody
     * @param eventsSent since the start
     */
    public record Counts(
            int streams, int watchers, int late, int pendingChanges, long eventsSent) {}

    /** Counts them. */
    public Counts counts() {
        int watchers = 0;
        int late = 0;
        lock.lock();
        try {
            for (WatchStream stream : streams) {
                watchers += stream.watchers();
                late += stream.late();
            }
        } finally {
            lock.unlock();
        }
        return new Counts(streams.size(), watchers, late, queuedChanges.get(), eventsSent.sum());
    }

    ReadView view() {
        return views.get();
    }

    WatchResponses responses() {
        return responses;
    }

    /** Revision that the watchers up to date have been given; under the lock. */
    long dispatched() {
        return dispatched;
    }

    /** Newest revision that a watch starting now must not be given; under the lock. */
    long revisionNow() {
        var view = views.get();
        try {
            return Math.max(dispatched, view.revision());
        } finally {
            view.release();
        }
    }

    /** Whether a watch can no longer begin at a revision, however late the dispatcher is. */
    boolean compacted(long start) {
        var view = views.get();
        try {
            return compacted(view, start);
        } finally {
            view.release();
        }
    }

    static boolean compacted(ReadView view, long start) {
        return start < view.compactRevision() || start < 0;
    }

    /** Puts a watcher among those up to date if it is; under the lock. */
    boolean join(Watcher watcher) {
        if (watcher.next() <= dispatched) {
            return false;
        }
        upToDate.add(watcher);
        return true;
    }

    void leave(Watcher watcher) {
        upToDate.remove(watcher);
    }

    private void dispatchAll(Duration progressInterval) {
        long nextProgress = System.nanoTime() + progressInterval.toNanos();
        try {
            while (!closed) {
                long wait = Math.max(0, nextProgress - System.nanoTime());
                var batch = queue.poll(wait, TimeUnit.NANOSECONDS);
                if (batch != null) {
                    dispatch(batch);
                }
                if (System.nanoTime() >= nextProgress) {
                    nextProgress = System.nanoTime() + progressInterval.toNanos();
                    tellProgress();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("watches are served no more", "cause", e.toString());
            throw e;
        }
    }

    /** Gives the next batch to the watchers up to date; false if there is none. */
    boolean dispatchNext() {
        var batch = queue.poll();
        if (batch != null) {
            dispatch(batch);
        }
        return batch != null;
    }

    private void dispatch(Batch batch) {
        var changes = batch.changes;
        int batches = 1;
        if (!batch.gap) {
            // What was applied meanwhile is told together with it, which is cheaper for all.
            for (var next = queue.peek(); mayFollow(changes, next); next = queue.peek()) {
                if (batches == 1) {
                    changes = new ArrayList<>(changes);
                }
                changes.addAll(queue.remove().changes);
                batches++;
            }
        }
        queuedChanges.addAndGet(-changes.size());
        lock.lock();
        try {
            if (batch.gap) {
                becomeLate();
                dispatched = Math.max(dispatched, batch.revision);
                recent.restartAfter(dispatched);
                return;
            }
            int from = 0;
            while (from < changes.size()) {
                int to = endOfPart(changes, from);
                dispatchPart(changes.subList(from, to));
                from = to;
            }
        } finally {
            lock.unlock();
            undispatched.addAndGet(-batches);
        }
    }

    private static boolean mayFollow(List<Change> changes, @Nullable Batch next) {
        return next != null && !next.gap && changes.size() < MAX_PART_CHANGES;
    }

    /** As many whole revisions as fit one response well. */
    private static int endOfPart(List<Change> changes, int from) {
        int to = from;
        long bytes = 0;
        while (to < changes.size()) {
            var change = changes.get(to);
            bytes += change.now() == null ? 0 : change.now().valueBytes();
            boolean newRevision = to > from && change.revision() != changes.get(to - 1).revision();
            if (newRevision && (bytes > MAX_PART_BYTES || to - from >= MAX_PART_CHANGES)) {
                break;
            }
            to++;
        }
        return to;
    }

    private void dispatchPart(List<Change> changes) {
        long through = changes.getLast().revision();
        var concerned = new ArrayList<Cohort>();
        for (var change : changes) {
            var event = new SharedEvent(change);
            recent.add(event);
            upToDate.forEachOf(
                    change.key(),
                    cohort -> {
                        if (cohort.wants(change) && cohort.choose(event)) {
                            concerned.add(cohort);
                        }
                    });
        }
        for (var cohort : concerned) {
            deliver(cohort, through, cohort.takeChosen());
        }
        dispatched = Math.max(dispatched, through);
    }

    private void deliver(Cohort cohort, long through, List<SharedEvent> events) {
        boolean previous = cohort.options().previous();
        var all = new Parcel(events, through, previous);
        var recipients = cohort.upToDate();
        if (recipients.latest() <= all.first()) {
            deliver(recipients, all);
            return;
        }
        var watchers = new ArrayList<Watcher>();
        var laterOnes = new ArrayList<Watcher>();
        for (var watcher : recipients.watchers()) {
            (watcher.next() <= all.first() ? watchers : laterOnes).add(watcher);
        }
        deliver(Recipients.of(watchers), all);
        for (var watcher : laterOnes) {
            var wanted =
                    events.stream()
                            .filter(event -> event.change().revision() >= watcher.next())
                            .toList();
            if (!wanted.isEmpty()) {
                deliver(Recipients.of(List.of(watcher)), new Parcel(wanted, through, previous));
            }
        }
    }

    /** Gives the same to watchers of one cohort, as long as their stream takes it. */
    private void deliver(Recipients recipients, Parcel parcel) {
        int from = 0;
        while (from < recipients.size()) {
            var left = recipients.part(from, recipients.size());
            if (!left.first().stream().keepsUp()) {
                left.watchers().forEach(watcher -> becomeLate(watcher, parcel.first()));
                return;
            }
            from += send(left, parcel);
        }
    }

    private void becomeLate(Watcher watcher, long next) {
        upToDate.remove(watcher);
        watcher.next(Math.max(watcher.next(), next));
        watcher.stream().addLate(watcher);
    }

    /** What was dispatched last; under the lock. */
    RecentEvents recent() {
        return recent;
    }

    /**
     * Sends events to the first of some watchers of one cohort, to as many as is done at once and
     * one at least; under the lock. Their positions are not changed: those of watchers up to date
     * follow from {@code dispatched}.
     *
     * @return to how many
     */
    int send(Recipients recipients, Parcel parcel) {
        var options = recipients.first().options();
        var stream = recipients.first().stream();
        long revision = parcel.through();
        var joined = parcel.joined();
        int count = Math.clamp(MAX_SENT_BYTES / joined.size(), 1, recipients.size());
        var told = recipients.part(0, count);
        if (options.fragment() && WatchResponses.large(joined)) {
            for (var watcher : told.watchers()) {
                responses
                        .fragments(revision, watcher.id(), parcel.elements())
                        .forEach(stream::send);
            }
        } else {
            stream.sendAlike(responses.begin(revision), told.ids(), joined);
        }
        if (options.progressNotify()) {
            told.watchers().forEach(Watcher::sentSomething);
        }
        eventsSent.add((long) parcel.size() * count);
        return count;
    }

    /** Whoever is up to date reads what comes from the event log; under the lock. */
    private void becomeLate() {
        var all = new ArrayList<Watcher>();
        upToDate.forEach(all::add);
        all.forEach(watcher -> becomeLate(watcher, dispatched + 1));
    }

    /** Tells quiet watches that asked for it how far they are. */
    void tellProgress() {
        lock.lock();
        try {
            upToDate.forEach(watcher -> {
                if (watcher.options().progressNotify()
                        && watcher.wasQuiet()
                        && watcher.stream().keepsUp()) {
                    watcher.stream().send(responses.progress(dispatched, watcher.id()));
                }
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread running = dispatcher;
        if (running != null) {
            // It waits on a queue only, never on a file.
            running.interrupt();
        }
    }
}
