package io.skerry.fleet.store;

import io.skerry.fleet.model.ClusterSnapshot;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Rebalance;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's units, machines and states as the API sees them. All methods block for one or two
 * round trips to the store and may be called from any thread. Lists are ordered by name or id.
 */
public interface Registry {
    /** The machines whose lease lives. */
    List<MachineState> machines() throws RegistryException;

    /** All units. */
    List<Unit> units() throws RegistryException;

    /** One unit, if the cluster knows it. */
    Optional<Unit> unit(UnitName name) throws RegistryException;

    /** Those of these units that the cluster knows. */
    List<Unit> units(Collection<UnitName> names) throws RegistryException;

    /**
     * Machines and units at one revision; {@link ClusterSnapshot#reasons()} explains placements.
     */
    ClusterSnapshot snapshot() throws RegistryException;

    /**
     * Stores a unit in one transaction.
     *
     * @param replace true: a unit of that name with another file gets this one
     * @throws InvalidUnitException when {@code [X-Fleet]} asks for what cannot be honoured, or when
     *     a template is to be loaded or launched; nothing is stored then
     */
    SubmitOutcome submit(UnitName name, UnitFile file, TargetState target, boolean replace)
            throws InvalidUnitException, RegistryException;

    /**
     * What is wanted of one of many units.
     *
     * @param file null: the one that it has
     */
    record Wish(UnitName name, @Nullable UnitFile file, TargetState target) {}

    /**
     * Does for units, no name twice, what {@link #submit} with {@code replace} does for those with
     * a file and {@link #setTargetState} for the others, many in one transaction.
     *
     * @throws InvalidUnitException as these do, for any of the units; nothing is stored then
     */
    Brought bring(List<Wish> wishes) throws InvalidUnitException, RegistryException;

    /** What has come of wishes for many units. */
    sealed interface Brought {
        /** All are as was wished. */
        record All() implements Brought {}

        /** There are no such units, of which no file was given: nothing was stored of any unit. */
        record Unknown(List<UnitName> units) implements Brought {}

        /** Somebody has destroyed these units meanwhile; the others are as was wished. */
        record AllBut(Set<UnitName> units) implements Brought {}
    }

    /**
     * Has a unit get another file when its turn in the rollout has come: after the one before it is
     * active with its own. A unit that is not launched, on no machine, new or global gets it at
     * once.
     *
     * @throws InvalidUnitException as {@link #submit} does
     */
    SubmitOutcome submitInTurn(UnitName name, UnitFile file, TargetState target, Rollout rollout)
            throws InvalidUnitException, RegistryException;

    /**
     * Changes what is wanted of a unit.
     *
     * @return false when there is no such unit
     * @throws InvalidUnitException when a template is to be loaded or launched
     */
    boolean setTargetState(UnitName name, TargetState target)
            throws InvalidUnitException, RegistryException;

    /**
     * Removes a unit; its machine stops it.
     *
     * @return false when there was no such unit
     */
    boolean destroy(UnitName name) throws RegistryException;

    /**
     * Removes units, no name twice, many in one transaction.
     *
     * @return those that there were not
     */
    List<UnitName> destroyAll(Collection<UnitName> names) throws RegistryException;

    /**
     * Says whether units are welcome on a machine. A drained one gets none, and those it has are
     * moved; global units stay.
     *
     * @return false when there is no such machine
     */
    boolean setDrained(String machineId, boolean drained) throws RegistryException;

    /**
     * Has units moved from the fullest machines to the emptiest, with their replacements first.
     *
     * @return the moves that are to be; one whose unit does not fit any more is not made
     */
    List<Rebalance.Move> rebalance() throws RegistryException;

    /**
     * Changes metadata of machines in one transaction, or nothing.
     *
     * @return false when one of the machines is not there
     */
    boolean changeMetadata(List<MetadataChange> changes) throws RegistryException;

    /**
     * One change of a machine's metadata.
     *
     * @param value null takes back what users have set; what the machine says itself remains
     */
    record MetadataChange(String machineId, String name, @Nullable String value) {}

    /** What the machines last reported of all units, by unit and machine. */
    List<UnitStateReport> states() throws RegistryException;

    /** What the machines last reported of one unit; several for a global one. */
    List<UnitStateReport> states(UnitName name) throws RegistryException;

    /** What the machines last reported of these units. */
    List<UnitStateReport> states(Collection<UnitName> names) throws RegistryException;

    /** The store's present revision, to be handed to {@link #awaitChange}. */
    long revision() throws RegistryException;

    /**
     * Waits until something about the unit (file, target state, placement, reported state) has
     * changed after the given revision. Returns at once if it has already.
     *
     * @return false when the time passed without a change
     */
    boolean awaitChange(UnitName name, long afterRevision, Duration timeout)
            throws RegistryException, InterruptedException;

    /**
     * Waits until anything of fleet's (a unit, a placement, a state, a machine) has changed after
     * the given revision. Returns at once if it has already. The API feeds its watchers with it.
     *
     * @return false when the time passed without a change
     */
    boolean awaitAnyChange(long afterRevision, Duration timeout)
            throws RegistryException, InterruptedException;
}
