package io.skerry.node.containers;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.containers.run.ContainerSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A unit of the cluster that runs a container.
 *
 * @param command as its unit says; empty: as its image says
 * @param machineId of the host that has it; empty: none
 * @param state as systemd says, or {@code inactive} where it says nothing
 */
record KnownContainer(
        String name,
        String image,
        String command,
        List<String> ports,
        String machineId,
        String host,
        String state,
        String substate) {
    private static final String SUFFIX = ".service";

    KnownContainer {
        ports = List.copyOf(ports);
    }

    /** All of a cluster, by name. */
    static List<KnownContainer> all(Cluster cluster) throws IOException {
        List<JsonNode> units =
                cluster.list("units", "units").stream()
                        .filter(unit -> !values(unit, "Image").isEmpty())
                        .toList();
        if (units.isEmpty()) {
            return List.of();
        }
        Map<String, JsonNode> states = new HashMap<>();
        for (JsonNode state : cluster.list("state", "states")) {
            states.put(state.path("name").asText() + state.path("machineID").asText(), state);
        }
        Map<String, String> hosts = new HashMap<>();
        cluster.machines().forEach(machine -> hosts.put(machine.id(), machine.name()));
        var containers = new ArrayList<KnownContainer>();
        for (JsonNode unit : units) {
            String name = unit.path("name").asText();
            String machine = unit.path("machineID").asText("");
            JsonNode state = states.get(name + machine);
            List<String> commands = values(unit, "Command");
            containers.add(
                    new KnownContainer(
                            name.endsWith(SUFFIX)
                                    ? name.substring(0, name.length() - SUFFIX.length())
                                    : name,
                            values(unit, "Image").getLast(),
                            commands.isEmpty() ? "" : commands.getLast(),
                            values(unit, "Publish"),
                            machine,
                            hosts.getOrDefault(machine, cluster.hostName(machine, machine)),
                            state == null ? "inactive" : state.path("systemdActiveState").asText(),
                            state == null ? "" : state.path("systemdSubState").asText()));
        }
        containers.sort(java.util.Comparator.comparing(KnownContainer::name));
        return containers;
    }

    private static List<String> values(JsonNode unit, String option) {
        var values = new ArrayList<String>();
        for (JsonNode each : unit.path("options")) {
            if (each.path("section").asText().equals(ContainerSpec.SECTION)
                    && each.path("name").asText().equals(option)) {
                values.add(each.path("value").asText().replace("%%", "%"));
            }
        }
        return values;
    }

    /** The host that has it. */
    String machine() throws IOException {
        if (machineId.isEmpty()) {
            throw new IOException(
                    "container "
                            + name
                            + " is on no host; see why with \"skerry fleet explain "
                            + unit()
                            + "\"");
        }
        return machineId;
    }

    String unit() {
        return name + SUFFIX;
    }
}
