package io.skerry.node.playground;

import io.skerry.testbed.hosts.HostState;
import io.skerry.testbed.hosts.HostStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The hosts of a playground as a list. */
final class HostRows {
    private HostRows() {}

    static Rows of(List<HostStatus> hosts) {
        return of(hosts, Map.of());
    }

    /**
     * As {@link #of(List)}, with what each host is in the store.
     *
     * @param roles by host name: leader, follower, unreachable
     */
    static Rows of(List<HostStatus> hosts, Map<String, String> roles) {
        var objects = new ArrayList<Map<String, Object>>();
        for (HostStatus status : hosts) {
            var object = new LinkedHashMap<String, Object>();
            object.put("name", status.host().name());
            object.put("address", status.host().address());
            object.put("machineId", status.host().machineId());
            object.put("state", state(status));
            object.put("pid", status.pid());
            object.put("store", roles.getOrDefault(status.host().name(), ""));
            object.put("memoryMiB", status.memoryBytes() >> 20);
            object.put("faults", new ArrayList<>(status.faults()));
            object.put("storePort", status.host().storePort());
            object.put("fleetPort", status.host().fleetPort());
            objects.add(object);
        }
        var columns =
                Rows.columnsOf(
                        "HOST",
                        "name",
                        "ADDRESS",
                        "address",
                        "MACHINE",
                        "machineId",
                        "STATE",
                        "state",
                        "PID",
                        "pid");
        if (!roles.isEmpty()) {
            columns.put("STORE", "store");
        }
        columns.put("MEM MiB", "memoryMiB");
        return new Rows(
                columns,
                Rows.columnsOf(
                        "FAULTS", "faults", "STORE PORT", "storePort", "FLEET PORT", "fleetPort"),
                objects);
    }

    /** A running host whose network is cut is told as that: nothing else about it matters then. */
    private static String state(HostStatus status) {
        boolean running = status.state() == HostState.RUNNING;
        return running && !status.faults().isEmpty()
                ? String.join(", ", status.faults())
                : status.state().word();
    }
}
