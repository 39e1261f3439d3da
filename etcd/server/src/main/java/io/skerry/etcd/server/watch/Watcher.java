package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;

/**
 * One watch of a stream. Its changing fields are guarded by the hub's lock.
 *
 * @see WatchHub
 */
final class Watcher {
    private final Cohort cohort;
    private final long id;
    private final ByteString encodedId;

    /**
     * Everything before this revision was sent or does not concern it. While it is up to date that
     * holds for all that was dispatched, too, and this is not moved.
     */
    private long next;

    private boolean canceled;
    private boolean quietSinceProgress = true;

    Watcher(Cohort cohort, long id, long next) {
        this.cohort = cohort;
        this.id = id;
        this.encodedId = WatchResponses.encodedId(id);
        this.next = next;
    }

    Cohort cohort() {
        return cohort;
    }

    WatchStream stream() {
        return cohort.stream();
    }

    long id() {
        return id;
    }

    /** The field of a response that names it. */
    ByteString encodedId() {
        return encodedId;
    }

    WatchOptions options() {
        return cohort.options();
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
