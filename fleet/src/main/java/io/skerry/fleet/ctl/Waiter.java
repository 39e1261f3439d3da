package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.model.StartNews;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Waits until goals are reached, told by the feed, and says so as they are. Whoever waits for long
 * is told why. Used once, by one thread.
 */
final class Waiter implements FeedFollower.Onlooker {
    /** How long an obstacle may last before the user is told of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The same for work that goes on, only slowly. */
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(10);

    /**
     * How long a state that was there before counts as old news where agents do not tell of starts:
     * a unit that had failed is still failed in the feed's first lines after it was told to start
     * again.
     */
    private static final Duration STALE = Duration.ofMillis(1500);

    /**
     * How long a unit that shall run may be at rest before it is taken to have run and ended, where
     * agents do not tell of starts: a short one can be over before anybody has seen it at work.
     */
    private static final Duration REST = Duration.ofSeconds(5);

    private final Session session;
    private final FeedFollower follower;
    private final Map<String, Goal> goals = new LinkedHashMap<>();
    private final Map<String, @Nullable UnitStateEntity> before = new HashMap<>();
    private final Map<String, Rest> resting = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private int failures;

    /**
     * @param since counted from the first look at the cluster
     */
    private record Rest(UnitStateEntity state, Duration since) {}

    /**
     * Nothing is waited for yet.
     *
     * @param feed of the goals' units, as far as there is one already
     */
    Waiter(Session session, List<Goal> goals, Optional<Response> feed)
            throws CtlException, IOException, InterruptedException {
        this.session = session;
        this.follower = new FeedFollower(session.api(), feed);
        goals.forEach(goal -> this.goals.put(goal.unit(), goal));
    }

    /**
     * Returns when every goal is reached or has failed.
     *
     * @param limit how long to wait; null: for ever
     * @return how many were not reached
     */
    int await(@Nullable Duration limit) throws CtlException, IOException, InterruptedException {
        ClusterMirror mirror = follower.follow(this, limit);
        for (Goal goal : goals.values()) {
            failures++;
            String why =
                    switch (goal.check(mirror)) {
                        case Goal.Progress.Pending pending -> pending.why();
                        case Goal.Progress.Waits(String turn) -> turn;
                        case Goal.Progress.Done _, Goal.Progress.Failed _ -> "";
                    };
            if (!why.isEmpty()) {
                session.err().println("Unit " + goal.unit() + " " + why + "; gave up waiting");
            }
        }
        return failures;
    }

    @Override
    public Collection<String> units() {
        return goals.keySet();
    }

    @Override
    public boolean content() {
        return goals.isEmpty();
    }

    @Override
    public @Nullable Duration nextLook() {
        Stream<Duration> rests = resting.values().stream().map(rest -> rest.since().plus(REST));
        return Stream.concat(Stream.of(STALE, PATIENCE, LONG_PATIENCE), rests)
                .filter(moment -> !follower.passed(moment))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    @Override
    public void synced(ClusterMirror mirror) {
        for (String name : goals.keySet()) {
            var unit = mirror.unit(name);
            if (unit != null && !before.containsKey(name)) {
                before.put(name, mirror.state(name, unit.machineId()));
            }
        }
    }

    @Override
    public void look(ClusterMirror mirror) {
        for (Goal goal : new ArrayList<>(goals.values())) {
            switch (goal.check(mirror)) {
                case Goal.Progress.Done(String line) -> done(goal, line);
                case Goal.Progress.Failed(String line, UnitStateEntity state) -> {
                    // An agent that tells of starts tells of the one that is waited for.
                    if (!state.start().equals(StartNews.UNTOLD)
                            || follower.passed(STALE)
                            || !state.equals(before.get(goal.unit()))) {
                        goals.remove(goal.unit());
                        failures++;
                        session.err().println(line);
                    }
                }
                case Goal.Progress.Waits(String why) -> {
                    // Its turn does not come after one that has failed.
                    if (failures > 0) {
                        goals.remove(goal.unit());
                        failures++;
                        session.err().println("Unit " + goal.unit() + " " + why);
                    } else {
                        tell(goal, new Goal.Progress.Pending(why, false, null));
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
                || !state.start().equals(StartNews.UNTOLD)
                || !state.activeState().equals("inactive")
                || !state.loadState().equals("loaded")) {
            resting.remove(goal.unit());
            return false;
        }
        Duration now = follower.elapsed();
        Rest rest = resting.get(goal.unit());
        if (rest == null || !rest.state().equals(state)) {
            rest = new Rest(state, now);
            resting.put(goal.unit(), rest);
        }
        return now.minus(rest.since()).compareTo(REST) >= 0;
    }

    private void tell(Goal goal, Goal.Progress.Pending pending) {
        // Who gives up tells why anyway.
        boolean due =
                follower.passed(pending.obstacle() ? PATIENCE : LONG_PATIENCE)
                        && !follower.timeIsUp();
        String line = "Unit " + goal.unit() + " " + pending.why();
        if (due && told.add(line)) {
            session.err().println(line + "; still waiting");
            session.err().flush();
        }
    }
}
