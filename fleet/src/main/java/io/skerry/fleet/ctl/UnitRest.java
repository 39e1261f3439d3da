package io.skerry.fleet.ctl;

import io.skerry.base.time.MonotonicClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a unit is at rest, as the API's feed tells it: for programs that run units to their
 * end. A host or a store that is away for a moment ends no waiting.
 */
public final class UnitRest implements FeedFollower.Onlooker {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    /** For how long a host may be away; twice what a lease mostly lasts. */
    static final Duration LONGEST_ABSENCE = Duration.ofMinutes(1);

    private final String unit;
    private final MonotonicClock clock;

    /** When the cluster was seen for the first time, or this began to wait for that. */
    private Duration start;

    private boolean started;
    private boolean rests;

    /** Since when the unit's machine is gone; null: it is there. */
    private @Nullable Duration goneSince;

    /** Why it comes to no end of its own; empty: it may. */
    private String lost = "";

    UnitRest(String unit, MonotonicClock clock) {
        this.unit = unit;
        this.clock = clock;
        this.start = clock.now();
    }

    /**
     * Returns when the unit is inactive or failed where it is placed, or has finished there.
     *
     * @throws IOException when it was destroyed or has lost its place, its machine has been gone
     *     for a minute, or nothing has been heard of the cluster for as long
     */
    public static void await(Endpoints endpoints, String unit)
            throws IOException, InterruptedException {
        var waiting = new UnitRest(unit, MonotonicClock.system());
        try (var hosts =
                new Hosts(endpoints, Map.of(), CONNECT_TIMEOUT, ANSWER_TIMEOUT, line -> {})) {
            var _ = new FeedFollower(new ApiClient(hosts)).follow(waiting, null);
        } catch (CtlException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (!waiting.lost.isEmpty()) {
            throw new IOException("unit " + unit + " " + waiting.lost);
        }
    }

    @Override
    public Collection<String> units() {
        return List.of(unit);
    }

    @Override
    public boolean content() {
        return rests || !lost.isEmpty();
    }

    @Override
    public void synced(ClusterMirror seen) {
        start = started ? start : clock.now();
        started = true;
    }

    @Override
    public void look(ClusterMirror seen) {
        if (!seen.synced()) {
            return;
        }
        var known = seen.unit(unit);
        if (known == null) {
            lost = "was destroyed meanwhile";
            return;
        }
        if (known.machineId().isEmpty()) {
            // Whatever ran was stopped, or is out of reach: that is no end of its own.
            lost = known.reason().isEmpty() ? "" : "has lost its machine: " + known.reason();
            rests = known.reason().isEmpty();
            return;
        }
        if (seen.hasMachine(known.machineId())) {
            goneSince = null;
        } else if (goneSince == null) {
            goneSince = clock.now();
        } else if (clock.now().minus(goneSince).compareTo(LONGEST_ABSENCE) >= 0) {
            lost = "has lost its machine: " + known.reason();
            return;
        }
        // No state tells nothing: what a host reports is gone with its lease, not what it runs.
        var state = seen.state(unit, known.machineId());
        rests =
                state != null
                        && (state.activeState().equals("inactive")
                                || state.activeState().equals("failed"));
    }

    @Override
    public @Nullable Duration nextLook() {
        return goneSince == null ? null : goneSince.plus(LONGEST_ABSENCE).minus(start);
    }
}
