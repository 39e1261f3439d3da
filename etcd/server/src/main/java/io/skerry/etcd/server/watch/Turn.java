package io.skerry.etcd.server.watch;

import io.skerry.etcd.server.mvcc.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pump reads in one turn for watchers of a cohort that lack the same: whole revisions, a
 * limited amount. Filled by one thread, then guarded by the hub's lock.
 */
final class Turn {
    private static final int MAX_EVENTS = 1000;
    private static final int MAX_BYTES = 256 << 10;
    private static final int MAX_SCANNED = 20_000;

    private final Cohort cohort;
    private final long from;
    private final List<SharedEvent> events = new ArrayList<>();
    private final long newest;
    private long through;
    private int bytes;
    private int scanned;
    private @Nullable Parcel parcel;

    /**
     * @param from the revision that the watchers want next
     * @param newest newest revision of what is read
     */
    Turn(Cohort cohort, long from, long newest) {
        this.cohort = cohort;
        this.from = from;
        this.newest = newest;
        this.through = newest;
    }

    /** Takes a change from the event log; false if it is enough. */
    boolean take(Change change) {
        return take(new SharedEvent(change));
    }

    /** Takes what happened next; false if it is enough, and then this is not in it. */
    boolean take(SharedEvent event) {
        var change = event.change();
        boolean full = events.size() >= MAX_EVENTS || bytes >= MAX_BYTES || scanned >= MAX_SCANNED;
        if (full && change.position() == 0) {
            through = change.revision() - 1;
            return false;
        }
        scanned++;
        if (cohort.wants(change)) {
            events.add(event);
            bytes += change.key().length + (change.now() == null ? 0 : change.now().valueBytes());
        }
        return true;
    }

    /** Whether there was more to read. */
    boolean cutOff() {
        return through < newest;
    }

    /** What was taken, once all is. */
    Parcel parcel() {
        var made = parcel;
        if (made == null) {
            made = new Parcel(List.copyOf(events), through, cohort.options().previous());
            parcel = made;
        }
        return made;
    }

    /**
     * Whether other watchers would be given the same.
     *
     * @param dispatched newest revision that they could be given
     */
    boolean serves(Cohort others, long wanted, long dispatched) {
        return cohort == others && from == wanted && (cutOff() || newest >= dispatched);
    }
}
