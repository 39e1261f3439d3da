package io.skerry.flannel.subnet;

import io.skerry.base.log.Log;
import io.skerry.base.thread.SteadyLoop;
import java.util.concurrent.TimeUnit;

/**
 * A mirror of either API: a virtual thread that follows, and begins anew when that has ended or
 * failed, for as long as it takes, as whoever listens would otherwise go by an old view for good.
 */
public final class FollowingMirror implements Mirror {
    private static final Log LOG = Log.of(FollowingMirror.class);
    private static final long RETRY_MILLIS = 300;

    private final String key;
    private final Following following;
    private final Thread thread;

    /** What was logged last; confined to the thread. */
    private String trouble = "";

    /** How an API is followed. */
    @FunctionalInterface
    public interface Following {
        /** Lists and follows; returns when everything must be listed anew. */
        void follow() throws StoreException, InterruptedException;
    }

    private FollowingMirror(String key, Following following) {
        this.key = key;
        this.following = following;
        this.thread = Thread.ofVirtual().name("flannel-mirror").unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param key what is followed, for people
     */
    public static Mirror start(String key, Following following) {
        var mirror = new FollowingMirror(key, following);
        mirror.thread.start();
        return mirror;
    }

    private void run() {
        SteadyLoop.run("mirror of " + key, this::turn);
    }

    private boolean turn() throws InterruptedException {
        try {
            following.follow();
            trouble = "";
        } catch (StoreException e) {
            tell(String.valueOf(e.getMessage()));
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        return true;
    }

    private void tell(String failure) {
        if (!failure.equals(trouble)) {
            LOG.warn("cannot follow the store", "key", key, "cause", failure);
        }
        trouble = failure;
    }

    @Override
    public String toString() {
        return "mirror of " + key;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
