package io.skerry.etcd.server.watch;

import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one stream that were asked for the same: what happens is chosen and encoded once
 * for all of them. Guarded by the hub's lock.
 */
final class Cohort {
    private final WatchStream stream;
    private final KeyRange range;
    private final WatchOptions options;
    private final Set<Watcher> upToDate = new LinkedHashSet<>();

    /** The same; null since somebody joined or parted. */
    private @Nullable Recipients recipients;

    /** How many belong to it, late ones included. */
    private int watchers;

    /** Of the part that is being dispatched. */
    private final List<SharedEvent> chosen = new ArrayList<>();

    Cohort(WatchStream stream, KeyRange range, WatchOptions options) {
        this.stream = stream;
        this.range = range;
        this.options = options;
    }

    WatchStream stream() {
        return stream;
    }

    KeyRange range() {
        return range;
    }

    WatchOptions options() {
        return options;
    }

    /** A watcher begins to belong to it. */
    void enter() {
        watchers++;
    }

    /** A watcher has ended; true if it was the last. */
    boolean leave() {
        watchers--;
        return watchers == 0;
    }

    /** Puts one of its watchers among those up to date; true if it is the first of them. */
    boolean join(Watcher watcher) {
        if (!upToDate.add(watcher)) {
            return false;
        }
        recipients = null;
        return upToDate.size() == 1;
    }

    /** Takes a watcher out of those up to date; true if it was the last of them. */
    boolean part(Watcher watcher) {
        if (!upToDate.remove(watcher)) {
            return false;
        }
        recipients = null;
        return upToDate.isEmpty();
    }

    /** Those of its watchers that are up to date now. */
    Recipients upToDate() {
        var known = recipients;
        if (known == null) {
            known = Recipients.of(List.copyOf(upToDate));
            recipients = known;
        }
        return known;
    }

    /** Whether its watchers want this change, if they begin early enough. */
    boolean wants(Change change) {
        return range.contains(change.key())
                && !(change.deletion() ? options.noDeletes() : options.noPuts());
    }

    /** Keeps an event of this part; true for the first. */
    boolean choose(SharedEvent event) {
        chosen.add(event);
        return chosen.size() == 1;
    }

    /** What was chosen of this part, which is over. */
    List<SharedEvent> takeChosen() {
        var events = List.copyOf(chosen);
        chosen.clear();
        return events;
    }
}
