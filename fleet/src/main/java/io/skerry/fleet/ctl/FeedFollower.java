package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows somebody the cluster, as the feed tells of it, until that one has seen enough. What is
 * waited for is stored; a store or a host that is away for a moment ends no waiting. Used once, by
 * one thread.
 */
final class FeedFollower {
    /** After so long without any feed the waiting ends. */
    private static final Duration LOST = Duration.ofSeconds(60);

    private static final Duration PAUSE_BEFORE_RECONNECT = Duration.ofMillis(200);

    /** An onlooker may want a look that it cannot have yet, as while not all has been told. */
    private static final Duration LEAST_BETWEEN_LOOKS = Duration.ofMillis(100);

    /** Whoever wakes so much later finds that the moment has passed. */
    private static final Duration JUST_OVER = Duration.ofMillis(1);

    private final ApiClient api;
    private final ClusterMirror mirror = new ClusterMirror();
    private final long start = System.nanoTime();
    private long lastNews = start;

    /** When all that there is was told first; null: it was not yet. */
    private @Nullable Long firstTold;

    /** How long to wait; null: for ever. */
    private @Nullable Duration limit;

    /** What has come with an answer; empty: it was used, or there was none. */
    private Optional<Response> begun;

    FeedFollower(ApiClient api) {
        this(api, Optional.empty());
    }

    /**
     * Goes on with a feed.
     *
     * @param begun its beginning, which has come as the answer to a change
     */
    FeedFollower(ApiClient api, Optional<Response> begun) {
        this.api = api;
        this.begun = begun;
    }

    /** Who waits. */
    interface Onlooker {
        /** The units to be told of; none of them: all. Machines are always told. */
        Collection<String> units();

        /** True when there is nothing left to wait for. */
        boolean content();

        /** Everything that there is has been told, at first and after each reconnect. */
        default void synced(ClusterMirror seen) {}

        /** Something was told, or the time for the next look has come. */
        void look(ClusterMirror seen);

        /**
         * How long after the first {@link #synced} time itself changes something; null: it does
         * not.
         */
        @Nullable Duration nextLook();
    }

    /**
     * Returns when the onlooker is content or the time has passed. That begins when the cluster is
     * seen for the first time, which is waited for nevertheless, if for a limited time: whoever
     * gives up can tell why.
     *
     * @param most how long to wait; null: for ever
     * @return the cluster as it was seen last
     */
    ClusterMirror follow(Onlooker onlooker, @Nullable Duration most)
            throws CtlException, IOException, InterruptedException {
        limit = most;
        while (goesOn(onlooker)) {
            try (Feed feed = open(onlooker)) {
                mirror.restart();
                read(feed, onlooker);
            } catch (IOException e) {
                api.giveUpOnHost();
                pauseUnlessLost(CtlException.failed("lost the fleet API: " + e.getMessage()));
            } catch (CtlException e) {
                if (e.isFinal()) {
                    throw e;
                }
                pauseUnlessLost(e);
            }
        }
        return mirror;
    }

    private Feed open(Onlooker onlooker) throws CtlException, IOException {
        Optional<Response> first = begun;
        begun = Optional.empty();
        if (first.isPresent()) {
            return new StreamedFeed(first.get());
        }
        try {
            return new StreamedFeed(api.watch(onlooker.units()));
        } catch (CtlException e) {
            if (e.status() == 404 || e.status() == 405) {
                return new AskedFeed(api, onlooker.units());
            }
            throw e;
        }
    }

    private boolean goesOn(Onlooker onlooker) {
        return !onlooker.content() && !timeIsUp();
    }

    /** Whoever looks now looks for the last time. */
    boolean timeIsUp() {
        Duration most = limit;
        if (most == null) {
            return false;
        }
        return firstTold == null
                ? System.nanoTime() - start >= Math.max(LOST.toNanos(), most.toNanos())
                : passed(most);
    }

    private void read(Feed feed, Onlooker onlooker)
            throws CtlException, IOException, InterruptedException {
        while (goesOn(onlooker)) {
            WatchEvent event = feed.next(untilNextLook(onlooker.nextLook()));
            while (event != null) {
                lastNews = System.nanoTime();
                boolean wasSynced = mirror.synced();
                mirror.apply(event);
                if (!wasSynced && mirror.synced()) {
                    firstTold = firstTold == null ? lastNews : firstTold;
                    onlooker.synced(mirror);
                }
                event = feed.next(Duration.ZERO);
            }
            onlooker.look(mirror);
        }
    }

    private Duration untilNextLook(@Nullable Duration moment) {
        if (firstTold == null) {
            return Feed.SILENCE;
        }
        Duration next =
                moment == null
                        ? Feed.SILENCE
                        : earlier(Feed.SILENCE, later(LEAST_BETWEEN_LOOKS, until(moment)));
        Duration most = limit;
        return most == null ? next : earlier(next, later(JUST_OVER, until(most)));
    }

    private Duration until(Duration moment) {
        return moment.minus(elapsed()).plus(JUST_OVER);
    }

    private static Duration earlier(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void pauseUnlessLost(CtlException failure) throws CtlException, InterruptedException {
        if (System.nanoTime() - lastNews > LOST.toNanos()) {
            throw failure;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_BEFORE_RECONNECT.toMillis());
    }

    /** Whether so much time has passed since the cluster was seen for the first time. */
    boolean passed(Duration duration) {
        return firstTold != null && elapsed().compareTo(duration) >= 0;
    }

    /** How much time has passed since then. */
    Duration elapsed() {
        Long since = firstTold;
        return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }
}
