package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.fleet.model.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "list-machines",
        description = "Lists the machines of the cluster.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME}",
            "  ${COMMAND-FULL-NAME} --fields=machine,metadata --no-legend",
            "  ${COMMAND-FULL-NAME} -o json",
            "  ${COMMAND-FULL-NAME} --watch"
        })
final class ListMachinesCommand extends ListAction<Machine> {
    @Override
    List<Column<Machine>> columns() {
        return List.of(
                new Column<>("machine", (machine, full) -> Legend.id(machine.id(), full)),
                new Column<>("ip", (machine, full) -> machine.primaryIp()),
                new Column<>("metadata", (machine, full) -> metadata(machine)),
                new Column<>(
                        "state",
                        (machine, full) -> machine.state().isEmpty() ? "ready" : machine.state()),
                new Column<>("cpu", (machine, full) -> ofCapacity(machine, Resources::cpu)),
                new Column<>("memory", (machine, full) -> ofCapacity(machine, Resources::memory)));
    }

    /** What its units ask for, of what it has. */
    private static String ofCapacity(Machine machine, Function<Resources, String> amount) {
        return machine.capacity().isNone()
                ? ""
                : amount.apply(machine.requested()) + "/" + amount.apply(machine.capacity());
    }

    private static String metadata(Machine machine) {
        return machine.metadata().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    @Override
    String defaultFields() {
        return "machine,ip,metadata";
    }

    @Override
    String wideFields() {
        return defaultFields() + ",state,cpu,memory";
    }

    @Override
    Found<Machine> find(ApiClient api) throws CtlException, IOException, InterruptedException {
        var machines = api.machines();
        return new Found<>(machines, () -> JsonWriter.machines(new Page<>(machines, "")));
    }

    @Override
    SortedMap<String, Machine> rows(ClusterMirror mirror) {
        var rows = new TreeMap<String, Machine>();
        mirror.machines().forEach(machine -> rows.put(machine.id(), machine));
        return rows;
    }

    @Override
    WatchEvent event(Machine machine) {
        return new WatchEvent.MachineChanged(machine);
    }

    /** The feed does not add up what units ask for. */
    @Override
    Set<String> unwatched() {
        return Set.of("cpu", "memory");
    }
}
