package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until goals are reached, told by the feed, and says so as they are. Whoever waits for long
 * is told why. Used once, by one thread.
 */
final class Waiter {
    /** How long an obstacle may last before the user is told of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The same for work that goes on, only slowly. */
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(10);

    /**
     * How long a state that was there before counts as old news: a unit that had failed is still
     * failed in the feed's first lines after it was told to start again.
     */
    private static final Duration STALE = Duration.ofMillis(1500);

    /**
     * How long a unit that shall run may be at rest before it is taken to have run and ended: a
     * short one can be over before anybody has seen it at work.
     */
    private static final Duration REST = Duration.ofSeconds(2);

    /** After so long without any feed the waiting ends. */
    private static final Duration LOST = Duration.ofSeconds(60);

    private static final Duration PAUSE_BEFORE_RECONNECT = Duration.ofMillis(200);

    private final Session session;
    private final ApiClient api;
    private final Map<String, Goal> goals = new LinkedHashMap<>();
    private final ClusterMirror mirror = new ClusterMirror();
    private final Map<String, @Nullable UnitStateEntity> before = new HashMap<>();
    private final Map<String, Rest> resting = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final long start = System.nanoTime();
    private long lastNews = start;
    private int failures;

    private record Rest(UnitStateEntity state, long since) {}

    Waiter(Session session, List<Goal> goals) throws CtlException, IOException {
        this.session = session;
        this.api = session.api();
        goals.forEach(goal -> this.goals.put(goal.unit(), goal));
    }

    /**
     * Returns when every goal is reached or has failed.
     *
     * @param limit how long to wait; null: for ever
     * @return how many were not reached
     */
    int await(@Nullable Duration limit) throws CtlException, IOException, InterruptedException {
        while (!goals.isEmpty() && !(limit != null && passed(limit))) {
            try (var feed = new Feed(api.watch(goals.keySet()))) {
                mirror.restart();
                follow(feed, limit);
            } catch (IOException e) {
                api.giveUpOnHost();
                pauseUnlessLost(CtlException.failed("lost the fleet API: " + e.getMessage()));
            } catch (CtlException e) {
                pauseUnlessLost(e);
            }
        }
        for (Goal goal : goals.values()) {
            failures++;
            if (goal.check(mirror) instanceof Goal.Progress.Pending pending) {
                session.err()
                        .println("Unit " + goal.unit() + " " + pending.why() + "; gave up waiting");
            }
        }
        return failures;
    }

    /**
     * What was asked for is stored; a store or a host that is away for a moment ends no waiting.
     */
    private void pauseUnlessLost(CtlException failure) throws CtlException, InterruptedException {
        if (System.nanoTime() - lastNews > LOST.toNanos()) {
            throw failure;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_BEFORE_RECONNECT.toMillis());
    }

    private void follow(Feed feed, @Nullable Duration limit)
            throws IOException, InterruptedException {
        while (!goals.isEmpty() && !(limit != null && passed(limit))) {
            WatchEvent event = feed.next(nextLook(limit));
            while (event != null) {
                lastNews = System.nanoTime();
                boolean wasSynced = mirror.synced();
                mirror.apply(event);
                if (!wasSynced && mirror.synced()) {
                    remember();
                }
                event = feed.next(Duration.ZERO);
            }
            look();
        }
    }

    /** Until the next moment at which time itself changes something. */
    private Duration nextLook(@Nullable Duration limit) {
        var next = Feed.SILENCE;
        for (Duration moment : List.of(STALE, PATIENCE, LONG_PATIENCE)) {
            next = sooner(next, moment);
        }
        for (Rest rest : resting.values()) {
            next = sooner(next, REST.plusNanos(rest.since() - start));
        }
        return limit == null ? next : sooner(next, limit);
    }

    private Duration sooner(Duration next, Duration moment) {
        var left = moment.minusNanos(System.nanoTime() - start).plusMillis(1);
        return left.isPositive() && left.compareTo(next) < 0 ? left : next;
    }

    private void remember() {
        for (String name : goals.keySet()) {
            var unit = mirror.unit(name);
            if (unit != null && !before.containsKey(name)) {
                before.put(name, mirror.state(name, unit.machineId()));
            }
        }
    }

    private void look() {
        for (Goal goal : new ArrayList<>(goals.values())) {
            switch (goal.check(mirror)) {
                case Goal.Progress.Done(String line) -> done(goal, line);
                case Goal.Progress.Failed(String line, UnitStateEntity state) -> {
                    if (passed(STALE) || !state.equals(before.get(goal.unit()))) {
                        goals.remove(goal.unit());
                        failures++;
                        session.err().println(line);
                    }
                }
                case Goal.Progress.Pending pending -> {
                    var state = pending.state();
                    if (hasRested(goal, state) && state != null) {
                        String where = mirror.machine(state.machineId());
                        done(
                                goal,
                                "Unit " + goal.unit() + " launched on " + where + " and at rest");
                    } else {
                        tell(goal, pending);
                    }
                }
            }
        }
    }

    private void done(Goal goal, String line) {
        goals.remove(goal.unit());
        session.out().println(line);
        session.out().flush();
    }

    private boolean hasRested(Goal goal, @Nullable UnitStateEntity state) {
        if (goal.wanted() != Goal.Wanted.LAUNCHED
                || state == null
                || !state.activeState().equals("inactive")
                || !state.loadState().equals("loaded")) {
            resting.remove(goal.unit());
            return false;
        }
        long now = System.nanoTime();
        Rest rest = resting.get(goal.unit());
        if (rest == null || !rest.state().equals(state)) {
            rest = new Rest(state, now);
            resting.put(goal.unit(), rest);
        }
        return now - rest.since() >= REST.toNanos();
    }

    private void tell(Goal goal, Goal.Progress.Pending pending) {
        boolean due = passed(pending.obstacle() ? PATIENCE : LONG_PATIENCE);
        String line = "Unit " + goal.unit() + " " + pending.why();
        if (due && told.add(line)) {
            session.err().println(line + "; still waiting");
            session.err().flush();
        }
    }

    private boolean passed(Duration duration) {
        return System.nanoTime() - start >= duration.toNanos();
    }
}
