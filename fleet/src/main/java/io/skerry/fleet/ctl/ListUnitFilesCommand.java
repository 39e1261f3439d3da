package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.systemd.unit.UnitOption;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;

@Command(
        name = "list-unit-files",
        description = "Lists the units of the cluster and what is wanted of them.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME}",
            "  ${COMMAND-FULL-NAME} --full --fields=unit,state,target",
            "  ${COMMAND-FULL-NAME} -o json",
            "  ${COMMAND-FULL-NAME} --watch"
        })
final class ListUnitFilesCommand extends ListAction<ListUnitFilesCommand.Row> {
    record Row(WatchEvent.UnitChanged unit, String description, Legend legend) {
        static Row of(UnitEntity unit, Legend legend) {
            return new Row(
                    new WatchEvent.UnitChanged(
                            unit.name(),
                            LocalUnit.hash(unit.options()),
                            unit.desiredState(),
                            unit.currentState(),
                            unit.machineId(),
                            LocalUnit.isGlobal(unit),
                            ""),
                    ListUnitFilesCommand.description(unit.options()),
                    legend);
        }

        boolean global() {
            return unit.global();
        }

        String machine(boolean full) {
            return legend.machine(unit.machineId(), full);
        }
    }

    @Override
    List<Column<Row>> columns() {
        return List.of(
                new Column<>("desc", (row, full) -> row.description),
                new Column<>("dstate", (row, full) -> row.unit.desiredState()),
                new Column<>("global", (row, full) -> String.valueOf(row.global())),
                new Column<>("hash", (row, full) -> Legend.hash(row.unit.hash(), full)),
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
                units.stream().map(unit -> Row.of(unit, legend)).toList(),
                () -> JsonWriter.units(new Page<>(units, "")));
    }

    @Override
    SortedMap<String, Row> rows(ClusterMirror mirror) {
        var legend = new Legend(mirror.machines());
        var rows = new TreeMap<String, Row>();
        mirror.units().forEach(unit -> rows.put(unit.name(), new Row(unit, "", legend)));
        return rows;
    }

    @Override
    WatchEvent event(Row row) {
        return row.unit;
    }

    @Override
    Set<String> unwatched() {
        return Set.of("desc");
    }
}
