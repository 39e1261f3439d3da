package io.skerry.fleet.agent;

import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.manager.UnitState;
import org.jspecify.annotations.Nullable;

/**
 * What is there of one unit on this host.
 *
 * @param hash of the file in the units directory; null when there is none
 * @param requirements of that file
 * @param mark what the agent has done to it; outlives the agent, so that a oneshot that has
 *     finished is not run again
 * @param state what systemd says
 */
public record Observed(
        @Nullable String hash,
        @Nullable UnitRequirements requirements,
        Mark mark,
        UnitState state) {
    public static final Observed NOTHING =
            new Observed(null, null, Mark.NONE, UnitState.NOT_LOADED);

    /** What the agent has done to a unit. */
    public enum Mark {
        /** Nothing: when it runs, then because another unit or a user has started it. */
        NONE,
        /** It began to start or to stop it, or started it from another file. */
        TOUCHED,
        /** It started this file and has not stopped it since, whether or not it still runs. */
        STARTED
    }

    public boolean linked() {
        return hash != null;
    }

    /** True when this file was started and not stopped since. */
    boolean started() {
        return mark == Mark.STARTED;
    }

    /** True when it is the agent that has to stop it: what others have started is theirs. */
    boolean ours() {
        return mark != Mark.NONE;
    }

    /** True when processes of the unit may exist. */
    public boolean running() {
        return !state.active().equals("inactive") && !state.active().equals("failed");
    }

    /**
     * True when that file was started and is up. One that is inactive may not have begun: its start
     * waits in systemd's queue.
     */
    boolean stands(String wantedHash) {
        return started()
                && wantedHash.equals(hash)
                && (state.active().equals("active") || state.active().equals("reloading"));
    }

    /** True when that file was started and systemd says that it has failed. */
    boolean failed(String wantedHash) {
        return started() && wantedHash.equals(hash) && state.active().equals("failed");
    }

    /** True when that file was started and is at rest, and has not failed. */
    boolean rests(String wantedHash) {
        return started() && wantedHash.equals(hash) && state.active().equals("inactive");
    }

    /** True when nothing of the unit is left on the host. */
    public boolean gone() {
        return !linked() && !running();
    }

    public Observed withState(UnitState newState) {
        return new Observed(hash, requirements, mark, newState);
    }

    public Observed withMark(Mark newMark) {
        return new Observed(hash, requirements, newMark, state);
    }
}
