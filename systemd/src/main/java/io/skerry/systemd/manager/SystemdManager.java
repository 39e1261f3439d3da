package io.skerry.systemd.manager;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The service manager of one host. All methods may be called from any thread; those that throw
 * {@link SystemdException} block for one round trip and never longer than the connection's call
 * timeout. Unit names are full names, with their type.
 */
public interface SystemdManager extends AutoCloseable {
    /**
     * Makes unit files outside systemd's search path known to it, by symbolic links.
     *
     * @param files absolute paths as the manager's host sees them
     * @param runtime true: under {@code /run}, gone after a reboot
     * @param force true: replaces links of the same name that point elsewhere
     */
    void linkUnitFiles(List<Path> files, boolean runtime, boolean force) throws SystemdException;

    /**
     * Carries out the {@code [Install]} sections of the given units, by name or absolute path.
     *
     * @return true when at least one of them has something to install
     */
    boolean enableUnitFiles(List<String> units, boolean runtime, boolean force)
            throws SystemdException;

    /** Removes every link to the given units, those of {@link #linkUnitFiles} included. */
    void disableUnitFiles(List<String> units, boolean runtime) throws SystemdException;

    /** Reads all unit files anew. Needed after files were linked, changed or removed. */
    void reload() throws SystemdException;

    /**
     * Queues a start job (mode {@code replace}) and returns once systemd has accepted it.
     *
     * @return completed with the result when the job is removed, exceptionally with a {@link
     *     SystemdException} when the bus is lost before that
     * @throws SystemdException when systemd refuses the job, {@link SystemdException#NO_SUCH_UNIT}
     *     for instance
     */
    CompletableFuture<JobResult> startUnit(String unit) throws SystemdException;

    /** Queues a stop job (mode {@code replace}); otherwise as {@link #startUnit}. */
    CompletableFuture<JobResult> stopUnit(String unit) throws SystemdException;

    /**
     * The start jobs of the given units that systemd has not ended yet, whoever queued them.
     *
     * @return by unit, as {@link #startUnit} returns them; units without such a job are left out
     */
    Map<String, CompletableFuture<JobResult>> queuedStarts(Collection<String> units)
            throws SystemdException;

    /** Sends a signal to all processes of the unit. */
    void killUnit(String unit, int signal) throws SystemdException;

    /** Forgets that the unit failed, so that systemd can drop it from memory. */
    void resetFailedUnit(String unit) throws SystemdException;

    /**
     * The states of the given units, by one call; systemd tries to load those it has not yet. A
     * unit without a file is told as {@code not-found}. The result has an entry for every name
     * asked for.
     */
    Map<String, UnitState> states(Collection<String> units) throws SystemdException;

    /** The states of all units that systemd has in memory. */
    Map<String, UnitState> loadedUnits() throws SystemdException;

    /**
     * All properties of the unit and of its type, by their D-Bus names ({@code MainPID}, {@code
     * Result}, …). Integers come as {@link Number}, strings as {@link String}, arrays as {@link
     * List}.
     */
    Map<String, Object> properties(String unit) throws SystemdException;

    /**
     * Tells the listener of all units' changes from now on, until the returned handle is closed.
     * What is so already is not told: ask {@link #states} after subscribing.
     */
    Subscription subscribe(UnitListener listener) throws SystemdException;

    /**
     * Ends the connection; jobs still awaited complete exceptionally. Units are left as they are.
     */
    @Override
    void close();

    /** A listener's registration; closing it ends it. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
