package io.skerry.etcd.server.watch;

import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;

/**
 * One watch of a stream. Its changing fields are guarded by the hub's lock.
 *
 * @see WatchHub
 */
final class Watcher {
    private final WatchStream stream;
    private final long id;
    private final KeyRange range;
    private final WatchOptions options;

    /** Everything before this revision was sent or does not concern it. */
    private long next;

    private boolean canceled;
    private boolean quietSinceProgress = true;

    Watcher(WatchStream stream, long id, KeyRange range, WatchOptions options, long next) {
        this.stream = stream;
        this.id = id;
        this.range = range;
        this.options = options;
        this.next = next;
    }

    WatchStream stream() {
        return stream;
    }

    long id() {
        return id;
    }

    KeyRange range() {
        return range;
    }

    WatchOptions options() {
        return options;
    }

    long next() {
        return next;
    }

    void next(long revision) {
        next = revision;
    }

    boolean canceled() {
        return canceled;
    }

    void cancel() {
        canceled = true;
    }

    /** Whether it wants this change, given that the key lies in its range. */
    boolean wants(Change change) {
        return change.revision() >= next
                && !(change.deletion() ? options.noDeletes() : options.noPuts());
    }

    void sentSomething() {
        quietSinceProgress = false;
    }

    /** Whether nothing was sent since the last call. */
    boolean wasQuiet() {
        boolean quiet = quietSinceProgress;
        quietSinceProgress = true;
        return quiet;
    }
}
