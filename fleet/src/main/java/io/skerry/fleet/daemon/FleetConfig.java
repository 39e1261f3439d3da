package io.skerry.fleet.daemon;

import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Keys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a host takes part in fleet.
 *
 * @param machine what the host says of itself
 * @param leaseTtl after how long of silence its units are given to other hosts
 * @param handover for how long the units of a host that leaves go on until they run elsewhere;
 *     zero: they are stopped first
 * @param engine true: this host may be elected to place units
 * @param unitsDirectory where unit files are written, gone after a reboot
 * @param peers how the APIs of other hosts are reached
 * @param access who may do what through its API
 * @param pageSize entries on one page of the API's lists
 * @param storeMembers client URLs of the store's members, which a host that cannot renew its lease
 *     tries to reach to learn whether it is cut off; the store itself knows them better
 */
public record FleetConfig(
        MachineState machine,
        Keys keys,
        Duration leaseTtl,
        Duration handover,
        boolean engine,
        Path unitsDirectory,
        Peers peers,
        AccessRules access,
        int pageSize,
        List<URI> storeMembers) {
    /** The original's directory. */
    public static final Path DEFAULT_UNITS_DIRECTORY = Path.of("/run/fleet/units");

    /** The API's port of the original. */
    public static final int DEFAULT_PORT = 49153;

    /** Our default; the original's 30 s are for want of fencing. */
    public static final Duration DEFAULT_LEASE_TTL = Duration.ofSeconds(10);

    /** Keeps its own copies; refuses what could not work. */
    public FleetConfig {
        storeMembers = List.copyOf(storeMembers);
        if (leaseTtl.compareTo(Duration.ofSeconds(2)) < 0) {
            throw new IllegalArgumentException(
                    "a lease of " + leaseTtl.toMillis() + " ms is too short; at least 2s");
        }
    }

    /** How long before its lease may end a cut-off host stops its units. */
    Duration fenceMargin() {
        Duration fifth = leaseTtl.dividedBy(5);
        Duration two = Duration.ofSeconds(2);
        return leaseTtl.compareTo(Duration.ofSeconds(5)) < 0 || fifth.compareTo(two) > 0
                ? fifth
                : min(two, leaseTtl.dividedBy(3));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
