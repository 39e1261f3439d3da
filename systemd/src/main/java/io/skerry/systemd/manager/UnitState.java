package io.skerry.systemd.manager;

/**
 * What systemd says of a unit. Strings, since newer versions of systemd add values.
 *
 * @param load whether its file could be read: loaded, not-found, masked, bad-setting, …
 * @param active the state that all unit types share: active, activating, deactivating, failed, …
 * @param sub the state of the unit's own type, for instance running, exited or dead
 */
public record UnitState(String load, String active, String sub) {
    /** A unit that systemd has not in memory; it is neither running nor failed. */
    public static final UnitState NOT_LOADED = new UnitState("not-found", "inactive", "dead");

    /** True when the active state is exactly {@code active}. */
    public boolean isActive() {
        return active.equals("active");
    }

    /** True when the active state is exactly {@code failed}. */
    public boolean isFailed() {
        return active.equals("failed");
    }

    @Override
    public String toString() {
        return load + "/" + active + "/" + sub;
    }
}
