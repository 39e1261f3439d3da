package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;

@Command(
        name = "list-units",
        description = "Lists what systemd says of the units, on each machine that has one.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME}",
            "  ${COMMAND-FULL-NAME} --full --fields=unit,machine,sub",
            "  ${COMMAND-FULL-NAME} -o json",
            "  ${COMMAND-FULL-NAME} --watch"
        })
final class ListUnitsCommand extends ListAction<ListUnitsCommand.Row> {
    record Row(UnitStateEntity state, Legend legend) {}

    @Override
    List<Column<Row>> columns() {
        return List.of(
                new Column<>("active", (row, full) -> row.state.activeState()),
                new Column<>("hash", (row, full) -> Legend.hash(row.state.hash(), full)),
                new Column<>("load", (row, full) -> row.state.loadState()),
                new Column<>(
                        "machine", (row, full) -> row.legend.machine(row.state.machineId(), full)),
                new Column<>("sub", (row, full) -> row.state.subState()),
                new Column<>("unit", (row, full) -> row.state.name()));
    }

    @Override
    String defaultFields() {
        return "unit,machine,active,sub";
    }

    @Override
    String wideFields() {
        return "unit,machine,load,active,sub,hash";
    }

    @Override
    Found<Row> find(ApiClient api) throws CtlException, IOException, InterruptedException {
        var states = api.states();
        var legend = new Legend(api.machines());
        return new Found<>(
                states.stream().map(state -> new Row(state, legend)).toList(),
                () -> JsonWriter.states(new Page<>(states, "")));
    }

    @Override
    SortedMap<String, Row> rows(ClusterMirror mirror) {
        var legend = new Legend(mirror.machines());
        var rows = new TreeMap<String, Row>();
        mirror.states()
                .forEach(state ->
                        rows.put(state.name() + '\0' + state.machineId(), new Row(state, legend)));
        return rows;
    }

    @Override
    WatchEvent event(Row row) {
        return new WatchEvent.StateChanged(row.state);
    }
}
