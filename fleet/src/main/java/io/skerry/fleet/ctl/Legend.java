package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How machines and hashes are written for people. */
final class Legend {
    private static final int SHORT_ID = 8;
    private static final int SHORT_HASH = 7;

    private final Map<String, Machine> machines = new HashMap<>();

    Legend(Collection<Machine> machines) {
        machines.forEach(machine -> this.machines.put(machine.id(), machine));
    }

    /** {@code 11111111.../10.88.0.11}; without the address when the machine is gone or has none. */
    String machine(String id, boolean full) {
        if (id.isEmpty()) {
            return "";
        }
        Machine machine = machines.get(id);
        String ip = machine == null ? "" : machine.primaryIp();
        return id(id, full) + (ip.isEmpty() ? "" : "/" + ip);
    }

    static String id(String id, boolean full) {
        return full || id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID) + "...";
    }

    static String hash(String hash, boolean full) {
        return full || hash.length() <= SHORT_HASH ? hash : hash.substring(0, SHORT_HASH);
    }
}
