package io.skerry.systemd.manager;

/**
 * Hears how units change, in order, on one thread of the manager; a call may block for a while but
 * holds up later news. States are levels, not edges: a unit that went through several states
 * quickly may be told once, with the last of them.
 */
public interface UnitListener {
    /** The unit's state is now {@code state}. */
    void unitChanged(String unit, UnitState state);

    /** systemd no longer has the unit in memory: it is neither active nor failed nor waited for. */
    void unitRemoved(String unit);

    /** The bus went away. States are unknown until {@link #busRestored()}. */
    default void busLost(SystemdException reason) {}

    /**
     * The bus is back. Every state known before may have changed unseen: ask {@link
     * SystemdManager#states} for those that matter.
     */
    default void busRestored() {}
}
