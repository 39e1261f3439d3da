package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.fleet.model.StartNews;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a command waits for. Pure: looks at what the feed has told and says how far things are.
 *
 * @param unit its name
 * @param hash of the unit file that it shall have; empty: any
 */
record Goal(String unit, String hash, Wanted wanted) {
    private static final Set<String> AT_REST = Set.of("inactive", "failed");

    /** What systemd says of unit files that it cannot use; looking again changes nothing. */
    private static final Set<String> UNUSABLE = Set.of("bad-setting", "error", "masked");

    /** The kinds of goals, in the words of messages. */
    enum Wanted {
        /** Runs on its machine. */
        LAUNCHED,
        /** Known to systemd on its machine, not running. */
        LOADED,
        /** Not running, wherever it is. */
        STOPPED,
        /** On no machine. */
        INACTIVE,
        /** Unknown to the cluster and on no machine. */
        GONE
    }

    /** How far it is. */
    sealed interface Progress {
        /** There; the line is for the user. */
        record Done(String line) implements Progress {}

        /** It will not come to that; the line says why. */
        record Failed(String line, UnitStateEntity state) implements Progress {}

        /** Others get their new files before it; the words tell who. */
        record Waits(String why) implements Progress {}

        /**
         * Not yet.
         *
         * @param obstacle true: it cannot go on by itself, and the user should know
         * @param state what its machine says; null: nothing
         */
        record Pending(String why, boolean obstacle, @Nullable UnitStateEntity state)
                implements Progress {}
    }

    Progress check(ClusterMirror mirror) {
        if (!mirror.synced()) {
            return new Progress.Pending("waiting for news of the cluster", false, null);
        }
        var known = mirror.unit(unit);
        return switch (wanted) {
            case GONE -> gone(mirror, known);
            case INACTIVE -> inactive(mirror, known);
            case LAUNCHED, LOADED, STOPPED ->
                    known == null
                            ? new Progress.Done("Unit " + unit + " was destroyed meanwhile")
                            : placed(mirror, known);
        };
    }

    private Progress gone(ClusterMirror mirror, WatchEvent.@Nullable UnitChanged known) {
        if (known != null || mirror.hasStates(unit)) {
            return new Progress.Pending("is still being stopped", false, null);
        }
        return new Progress.Done("Destroyed " + unit);
    }

    private Progress inactive(ClusterMirror mirror, WatchEvent.@Nullable UnitChanged known) {
        if (mirror.hasStates(unit) || (known != null && !known.machineId().isEmpty())) {
            return new Progress.Pending("is still being stopped", false, null);
        }
        return new Progress.Done("Unit " + unit + " inactive");
    }

    private Progress placed(ClusterMirror mirror, WatchEvent.UnitChanged known) {
        String machine = known.machineId();
        boolean away =
                machine.isEmpty() || (!mirror.hasMachine(machine) && !mirror.hasStates(unit));
        if (away && known.currentState().equals("launched")) {
            return new Progress.Done("Unit " + unit + " has finished; restart runs it again");
        }
        if (machine.isEmpty()) {
            if (wanted == Wanted.STOPPED && !mirror.hasStates(unit)) {
                return new Progress.Done("Unit " + unit + " inactive");
            }
            return new Progress.Pending("is not placed: " + known.reason(), true, null);
        }
        if (!known.reason().isEmpty() && !hash.isEmpty() && !hash.equals(known.hash())) {
            return new Progress.Waits("is " + known.reason());
        }
        if (!mirror.hasMachine(machine)) {
            return onLostMachine(mirror, known);
        }
        UnitStateEntity state = mirror.state(unit, machine);
        String where = mirror.machine(machine);
        boolean current =
                state != null
                        && state.hash().equals(known.hash())
                        && (hash.isEmpty() || hash.equals(known.hash()));
        if (state != null && current && UNUSABLE.contains(state.loadState())) {
            return wanted == Wanted.STOPPED
                    ? atRest(state, where)
                    : failed("cannot be loaded on " + where + ": " + state.loadState(), state);
        }
        if (state == null || !current || !state.loadState().equals("loaded")) {
            return new Progress.Pending("is being loaded on " + where, false, state);
        }
        return wanted == Wanted.LAUNCHED ? launched(mirror, state, where) : atRest(state, where);
    }

    /** Nothing is told of it for as long as its machine is away, and it may stay away for ever. */
    private Progress onLostMachine(ClusterMirror mirror, WatchEvent.UnitChanged known) {
        String gone = "its machine " + mirror.machine(known.machineId()) + " is gone";
        if (wanted == Wanted.STOPPED && !mirror.hasStates(unit)) {
            return new Progress.Done("Unit " + unit + " inactive: " + gone);
        }
        return known.reason().isEmpty()
                ? new Progress.Pending("waits: " + gone, false, null)
                : new Progress.Pending("is " + known.reason(), true, null);
    }

    private Progress launched(ClusterMirror mirror, UnitStateEntity state, String where) {
        StartNews start = state.start();
        boolean begins = start.equals(StartNews.NONE) || start.equals(StartNews.PENDING);
        return switch (state.activeState()) {
            case "active", "reloading" ->
                    new Progress.Done("Unit " + unit + " launched on " + where);
            case "failed" -> begins ? starting(state, where) : failed("failed on " + where, state);
            case "inactive" -> {
                if (start.hasFailed()) {
                    yield failed("did not start on " + where + ": " + start.word(), state);
                }
                yield start.isOver() || (!begins && mirror.wasSeenAtWork(state))
                        ? new Progress.Done(
                                "Unit " + unit + " launched on " + where + " and has finished")
                        : starting(state, where);
            }
            default ->
                    new Progress.Pending(
                            "is " + state.activeState() + " (" + state.subState() + ") on " + where,
                            false,
                            state);
        };
    }

    private static Progress starting(UnitStateEntity state, String where) {
        return new Progress.Pending("is being started on " + where, false, state);
    }

    private Progress failed(String how, UnitStateEntity state) {
        String where = "; see status " + unit + " and journal " + unit;
        return new Progress.Failed("Unit " + unit + " " + how + where, state);
    }

    private Progress atRest(UnitStateEntity state, String where) {
        // One that the agent has started, and be it failed, is not stopped before the agent says
        // so.
        StartNews start = state.start();
        boolean stopped = start.equals(StartNews.NONE) || start.equals(StartNews.UNTOLD);
        return stopped && AT_REST.contains(state.activeState())
                ? new Progress.Done("Unit " + unit + " loaded on " + where)
                : new Progress.Pending("is being stopped on " + where, false, state);
    }
}
