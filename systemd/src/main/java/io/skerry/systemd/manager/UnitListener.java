package io.skerry.systemd.manager;

/**
 * Hears how units change, in order, on one thread of the manager; a call may block for a while but
 * holds up later news. States are levels, not edges: a unit that went through several states
 * quickly may be told once, with the last of them.
 */
public interface UnitListener {
    /** The unit's state is now {@code state}. */
    void unitChanged(String unit, UnitState state);

    /**
     * systemd no longer has the unit in memory: it is neither active nor failed nor waited for. A
     * unit that is merely unused for a while may be told so as late as at the next reload.
     */
    void unitRemoved(String unit);

    /** The bus went away. States are unknown until {@link #busRestored()}. */
    default void busLost(SystemdException reason) {}

    /** The bus is back. Whatever changed unseen meanwhile is told next. */
    default void busRestored() {}
}
