package io.skerry.fleet.engine;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Replacements;
import io.skerry.systemd.unit.UnitName;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What a round of scheduling looks at. Does not change while the round lasts. */
interface ClusterView {
    /** The machines that are registered, closed ones included. */
    Collection<MachineState> machines();

    /** A registered machine, or null. */
    @Nullable MachineState machine(String machineId);

    /** How a machine stands with the cluster. */
    Presence presence(String machineId);

    /** The units that have to be where that one is. */
    Set<UnitName> joining(UnitName unit);

    /** The unit, or null when the store knows nothing of it. */
    @Nullable Job job(UnitName unit);

    /** The units that are placed on a machine or that it still has to stop. */
    SortedSet<UnitName> unitsOn(String machineId);

    /** All units that the store knows of. */
    Collection<Job> jobs();

    /** True for a unit that waits for a new file and is to get it now. */
    boolean isInTurn(Job job);

    /** The lowest priority of any unit that is to be on a machine; 0 when there is none. */
    int lowestPriority();

    /** The global units that every machine that fits is to run and that ask for resources. */
    Collection<Job> demandingGlobals();

    /** Who replaces whom. */
    Replacements replacements();

    /** The revision of a registered machine's key, 0 for one that is not registered. */
    long machineRevision(String machineId);

    /** Whether units may be given to a machine or taken from it. */
    enum Presence {
        /** Registered. */
        PRESENT,
        /** Registered, but to be rid of its units, since it leaves or is drained. */
        CLOSED,
        /** Not registered, but it may come back and still run its units: leave them alone. */
        MISSING,
        /** Not registered for so long that it must have stopped its units: place them anew. */
        GIVEN_UP
    }
}
