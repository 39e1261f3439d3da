package io.skerry.node.containers;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.containers.run.ContainerException;
import io.skerry.containers.run.ContainerName;
import io.skerry.containers.run.ContainerSpec;
import io.skerry.containers.run.OnDemand;
import io.skerry.containers.run.PublishedPort;
import io.skerry.node.containers.Cluster.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A unit of the cluster that runs a container.
 *
 * @param id no other container of the cluster has it
 * @param isOfOneHost whether it was run for one host, and has its name there alone
 * @param socket the port at which a connection starts it; empty: nothing does
 * @param command as its unit says; empty: as its image says
 * @param machine the host that has it; empty: none
 * @param state as systemd says, or {@code inactive} where it says nothing
 */
record KnownContainer(
        ContainerName id,
        boolean isOfOneHost,
        Optional<String> socket,
        String image,
        String command,
        List<String> ports,
        Optional<Machine> machine,
        String state,
        String substate) {
    KnownContainer {
        ports = List.copyOf(ports);
    }

    /** All of a cluster, by name. */
    static List<KnownContainer> all(Cluster cluster) throws IOException {
        List<JsonNode> all = cluster.list("units", "units");
        List<JsonNode> units = all.stream().filter(KnownContainer::isContainer).toList();
        if (units.isEmpty()) {
            return List.of();
        }
        Map<String, JsonNode> states = new HashMap<>();
        for (JsonNode state : cluster.list("state", "states")) {
            states.put(state.path("name").asText() + state.path("machineID").asText(), state);
        }
        Map<String, Machine> machines = new HashMap<>();
        cluster.machines().forEach(machine -> machines.put(machine.id(), machine));
        Map<String, JsonNode> byName = new HashMap<>();
        all.forEach(unit -> byName.put(unit.path("name").asText(), unit));
        var containers = new ArrayList<KnownContainer>();
        for (JsonNode unit : units) {
            String name = unit.path("name").asText();
            String machineId = unit.path("machineID").asText("");
            var gone = new Machine(machineId, "", cluster.hostName(machineId, machineId));
            containers.add(
                    of(
                            unit,
                            Optional.ofNullable(
                                    byName.get(OnDemand.socketOf(ContainerName.ofUnit(name)))),
                            machineId.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(machines.getOrDefault(machineId, gone)),
                            Optional.ofNullable(states.get(name + machineId))));
        }
        containers.sort(
                Comparator.comparing(KnownContainer::name).thenComparing(KnownContainer::host));
        return containers;
    }

    private static boolean isContainer(JsonNode unit) {
        String name = unit.path("name").asText();
        return !values(unit, ContainerSpec.SECTION, "Image").isEmpty()
                && ContainerName.canBeOf(name);
    }

    private static KnownContainer of(
            JsonNode unit,
            Optional<JsonNode> socket,
            Optional<Machine> machine,
            Optional<JsonNode> state) {
        var id = ContainerName.ofUnit(unit.path("name").asText());
        List<String> commands = values(unit, ContainerSpec.SECTION, "Command");
        return new KnownContainer(
                id,
                values(socket.orElse(unit), "X-Fleet", "MachineID").stream().anyMatch(id::isOfHost),
                socket.flatMap(
                        known -> values(known, "Socket", "ListenStream").stream().findFirst()),
                values(unit, ContainerSpec.SECTION, "Image").getLast(),
                commands.isEmpty() ? "" : commands.getLast(),
                values(unit, ContainerSpec.SECTION, "Publish"),
                machine,
                state.map(known -> known.path("systemdActiveState").asText()).orElse("inactive"),
                state.map(known -> known.path("systemdSubState").asText()).orElse(""));
    }

    private static List<String> values(JsonNode unit, String section, String option) {
        var values = new ArrayList<String>();
        for (JsonNode each : unit.path("options")) {
            if (each.path("section").asText().equals(section)
                    && each.path("name").asText().equals(option)) {
                values.add(each.path("value").asText().replace("%%", "%"));
            }
        }
        return values;
    }

    /** What its users call it. */
    String name() {
        return isOfOneHost ? id.base() : id.value();
    }

    /** The name of the host that has it; empty: none. */
    String host() {
        return machine.map(Machine::name).orElse("");
    }

    /** Empty: no host has it. */
    String machineId() {
        return machine.map(Machine::id).orElse("");
    }

    /** Whether the port of its host leads to it, or will as soon as somebody connects. */
    boolean has(PublishedPort port) {
        boolean rests = state.equals("inactive") || state.equals("failed");
        String listens = Integer.toString(port.host());
        return (port.protocol().equals("tcp") && socket.filter(listens::equals).isPresent())
                || (!rests && ports.stream().anyMatch(text -> isOfSamePort(text, port)));
    }

    private static boolean isOfSamePort(String text, PublishedPort port) {
        try {
            PublishedPort own = PublishedPort.parse(text);
            return own.host() == port.host() && own.protocol().equals(port.protocol());
        } catch (ContainerException e) {
            return false; // a unit that was written by hand, and cannot start
        }
    }

    /** What means this one and no other: its name and host. */
    String reference() {
        return machine.isEmpty() ? id.value() : name() + "@" + host();
    }

    /** Whether a user may mean it, by its name, its name and host, or its id. */
    boolean isMeantBy(String text) {
        int at = text.lastIndexOf('@');
        return text.equals(name())
                || text.equals(id.value())
                || (at > 0
                        && text.substring(0, at).equals(name())
                        && machine.filter(host -> host.isMeantBy(text.substring(at + 1)))
                                .isPresent());
    }

    /** The id of the host that has it. */
    String onMachine() throws IOException {
        return machine.orElseThrow(() ->
                        new IOException(
                                "container "
                                        + name()
                                        + " is on no host; see why with \"skerry fleet explain "
                                        + unit()
                                        + "\""))
                .id();
    }

    String unit() {
        return id.unit();
    }

    /** All that stop with it, what would start it again first. */
    List<String> units() {
        return socket.isEmpty()
                ? List.of(unit())
                : List.of(OnDemand.socketOf(id), OnDemand.proxyOf(id), unit());
    }
}
