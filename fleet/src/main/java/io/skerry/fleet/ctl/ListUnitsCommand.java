package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.UnitStateEntity;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "list-units",
        description = "Lists what systemd says of the units, on each machine that has one.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME}",
            "  ${COMMAND-FULL-NAME} --full --fields=unit,machine,sub",
            "  ${COMMAND-FULL-NAME} -o json"
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
}
