package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.systemd.unit.UnitOption;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "list-unit-files",
        description = "Lists the units of the cluster and what is wanted of them.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME}",
            "  ${COMMAND-FULL-NAME} --full --fields=unit,state,target",
            "  ${COMMAND-FULL-NAME} -o json"
        })
final class ListUnitFilesCommand extends ListAction<ListUnitFilesCommand.Row> {
    record Row(UnitEntity unit, Legend legend) {
        boolean global() {
            return LocalUnit.isGlobal(unit);
        }

        String machine(boolean full) {
            return legend.machine(unit.machineId(), full);
        }
    }

    @Override
    List<Column<Row>> columns() {
        return List.of(
                new Column<>("desc", (row, full) -> description(row.unit.options())),
                new Column<>("dstate", (row, full) -> row.unit.desiredState()),
                new Column<>("global", (row, full) -> String.valueOf(row.global())),
                new Column<>(
                        "hash",
                        (row, full) -> Legend.hash(LocalUnit.hash(row.unit.options()), full)),
                new Column<>("state", (row, full) -> row.global() ? "" : row.unit.currentState()),
                new Column<>("target", (row, full) -> row.global() ? "global" : row.machine(full)),
                new Column<>("tmachine", (row, full) -> row.machine(full)),
                new Column<>("unit", (row, full) -> row.unit.name()));
    }

    private static String description(List<UnitOption> options) {
        return options.stream()
                .filter(o -> o.section().equals("Unit") && o.name().equals("Description"))
                .map(UnitOption::joined)
                .reduce("", (earlier, later) -> later);
    }

    @Override
    String defaultFields() {
        return "unit,hash,dstate,state,target";
    }

    @Override
    String wideFields() {
        return "unit,hash,dstate,state,target,desc";
    }

    @Override
    Found<Row> find(ApiClient api) throws CtlException, IOException, InterruptedException {
        var units = api.units();
        var legend = new Legend(api.machines());
        return new Found<>(
                units.stream().map(unit -> new Row(unit, legend)).toList(),
                () -> JsonWriter.units(new Page<>(units, "")));
    }
}
