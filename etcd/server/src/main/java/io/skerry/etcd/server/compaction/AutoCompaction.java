package io.skerry.etcd.server.compaction;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * Decides when to compact what. Asked again after each {@link #interval}; one thread.
 *
 * <p>With a period, the revision at each interval is remembered, on followers too, so that a new
 * leader knows what was written a period ago. Compacting begins one period after the start and then
 * comes once a period, at most once an hour; there are ten intervals to it, after which a failure
 * is tried again. With a number of revisions it comes every five minutes.
 */
public final class AutoCompaction {
    private static final Duration REVISION_INTERVAL = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int INTERVALS = 10;

    private final Retention retention;
    private final Duration interval;
    private final Duration pause;
    private final int remembered;
    private final ArrayDeque<Long> revisions = new ArrayDeque<>();
    private Duration nextAt;
    private long lastCompacted;

    /**
     * @param now on a clock that only moves forward
     */
    public AutoCompaction(Retention retention, Duration now) {
        this.retention = retention;
        switch (retention) {
            case Retention.Period(Duration period) -> {
                this.pause = period.compareTo(LONGEST_PAUSE) < 0 ? period : LONGEST_PAUSE;
                this.interval = pause.dividedBy(INTERVALS);
                this.remembered = Math.toIntExact(period.dividedBy(interval)) + 1;
                this.nextAt = now.plus(period);
            }
            case Retention.Revisions _, Retention.Everything _ -> {
                this.pause = REVISION_INTERVAL;
                this.interval = REVISION_INTERVAL;
                this.remembered = 1;
                this.nextAt = now.plus(REVISION_INTERVAL);
            }
        }
    }

    /** After how long to ask again. */
    public Duration interval() {
        return interval;
    }

    /**
     * What to compact now, if anything.
     *
     * @param revision newest revision
     * @param leader whether this member is to compact at all
     */
    public OptionalLong decide(Duration now, long revision, boolean leader) {
        revisions.addLast(revision);
        while (revisions.size() > remembered) {
            revisions.removeFirst();
        }
        if (!leader || now.compareTo(nextAt) < 0) {
            return OptionalLong.empty();
        }
        long target =
                switch (retention) {
                    case Retention.Everything _ -> 0;
                    case Retention.Period _ -> revisions.getFirst();
                    case Retention.Revisions(long count) -> revision - count;
                };
        return target > 0 && target != lastCompacted
                ? OptionalLong.of(target)
                : OptionalLong.empty();
    }

    /** It was compacted, or was already; without this call the same is decided again. */
    public void compacted(long revision, Duration now) {
        lastCompacted = revision;
        nextAt = now.plus(pause);
    }
}
