package io.skerry.fleet.ctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that prints a list, as a table or as JSON or YAML. */
abstract class ListAction<T> extends CtlAction {
    @Option(
            names = {"-l", "--full"},
            description = "Do not shorten machine ids and hashes.")
    private boolean full;

    @Option(names = "--no-legend", description = "Leave out the line with the headers.")
    private boolean noLegend;

    @Option(names = "--fields", paramLabel = "F,F...", description = "Which columns to print.")
    private @Nullable String fields;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (the default), wide, json or yaml.")
    private String output = "table";

    /** The rows and how they are written as the API's JSON. */
    record Found<T>(List<T> rows, Supplier<byte[]> json) {}

    abstract List<Column<T>> columns();

    abstract String defaultFields();

    abstract String wideFields();

    abstract Found<T> find(ApiClient api) throws CtlException, IOException, InterruptedException;

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        String chosen =
                switch (output) {
                    case "table", "json", "yaml" -> fields == null ? defaultFields() : fields;
                    case "wide" -> fields == null ? wideFields() : fields;
                    default ->
                            throw CtlException.usage(
                                    "--output must be table, wide, json or yaml, not '"
                                            + output
                                            + "'");
                };
        var columns = Column.choose(columns(), chosen);
        boolean structured = output.equals("json") || output.equals("yaml");
        if (structured && (fields != null || noLegend || full)) {
            throw CtlException.usage(
                    "--fields, --full and --no-legend are for tables; "
                            + output
                            + " has everything");
        }
        var found = find(session.api());
        session.out()
                .print(
                        switch (output) {
                            case "json" -> Structured.json(found.json().get());
                            case "yaml" -> Structured.yaml(found.json().get());
                            default -> table(columns, found.rows());
                        });
        return 0;
    }

    private String table(List<Column<T>> columns, List<T> rows) {
        var table = new Table();
        if (!noLegend) {
            table.row(columns.stream().map(Column::header).toList());
        }
        for (T row : rows) {
            var cells = new ArrayList<String>();
            for (Column<T> column : columns) {
                cells.add(column.show(row, full));
            }
            table.row(cells);
        }
        return table.render();
    }
}
