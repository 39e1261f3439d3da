package io.skerry.systemd.manager;

/** How a start or stop job of systemd ended, as told by its {@code JobRemoved} signal. */
public enum JobResult {
    /** The unit reached the state that was asked for. */
    DONE,
    /** Another job took this one's place before it finished. */
    CANCELED,
    /** The job's own time limit passed. */
    TIMEOUT,
    /** The unit failed while starting or stopping. */
    FAILED,
    /** A unit that this one requires failed. */
    DEPENDENCY,
    /** There was nothing to do in the unit's present state. */
    SKIPPED,
    /** The unit file cannot be used, for instance because it is not found or has bad settings. */
    INVALID,
    /** A condition or assertion of the unit did not hold. */
    ASSERT,
    /** The unit type cannot do that on this system. */
    UNSUPPORTED,
    /** A collected unit, or a dependency that was only wanted. */
    COLLECTED,
    /** The unit ran once before and may not do so again. */
    ONCE,
    /** A result that this version of Skerry has no name for. */
    UNKNOWN;

    /** True for results after which the unit is as it was asked to be. */
    public boolean succeeded() {
        return this == DONE || this == SKIPPED;
    }

    /** The constant of systemd's result string, {@link #UNKNOWN} for one not known here. */
    public static JobResult of(String systemdResult) {
        for (JobResult result : values()) {
            if (result.name().equalsIgnoreCase(systemdResult)) {
                return result;
            }
        }
        return UNKNOWN;
    }
}
