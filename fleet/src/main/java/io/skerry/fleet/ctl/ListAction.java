package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.WatchEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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

    @Option(
            names = {"-w", "--watch"},
            description = "Go on printing what is added, changed and removed; until interrupted.")
    private boolean watch;

    /** The rows and how they are written as the API's JSON. */
    record Found<T>(List<T> rows, Supplier<byte[]> json) {}

    abstract List<Column<T>> columns();

    abstract String defaultFields();

    abstract String wideFields();

    abstract Found<T> find(ApiClient api) throws CtlException, IOException, InterruptedException;

    /** The rows as the feed tells them, by what tells them apart. */
    abstract SortedMap<String, T> rows(ClusterMirror mirror);

    /** A row as the feed tells it. */
    abstract WatchEvent event(T row);

    /** Fields of which the feed tells nothing. */
    Set<String> unwatched() {
        return Set.of();
    }

    @Override
    boolean take(List<String> words) {
        return words.isEmpty();
    }

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
        if (watch) {
            return watch(session, columns, structured);
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

    private int watch(Session session, List<Column<T>> columns, boolean structured)
            throws CtlException, IOException, InterruptedException {
        if (output.equals("yaml")) {
            throw CtlException.usage("--watch prints a table or, with -o json, an object a line");
        }
        for (Column<T> column : columns) {
            if (!structured && unwatched().contains(column.name())) {
                throw CtlException.usage(
                        "--watch does not know the field " + column.name() + "; choose --fields");
            }
        }
        var lines = structured ? watchedObjects() : watchedLines(columns);
        var _ = new FeedFollower(session.api()).follow(lines.to(session.out()), null);
        return 0;
    }

    @FunctionalInterface
    private interface Watched {
        ListWatch to(PrintWriter out);
    }

    private Watched watchedObjects() {
        return out ->
                new ListWatch(
                        mirror -> texts(mirror, row -> utf8(JsonWriter.event(event(row)))),
                        (change, json) ->
                                "{\"change\":\"" + change.word() + "\"," + json.substring(1),
                        out);
    }

    /** The cells of a row are told apart by a character that no cell has. */
    private Watched watchedLines(List<Column<T>> columns) {
        var table = new Table();
        return out -> {
            if (!noLegend) {
                table.row(cells("CHANGE", columns.stream().map(Column::header).toList()));
            }
            return new ListWatch(
                    mirror -> texts(mirror, row -> String.join("\0", cells(columns, row))),
                    (change, row) -> {
                        table.row(cells(change.word(), List.of(row.split("\0", -1))));
                        return table.renderNew();
                    },
                    out);
        };
    }

    private SortedMap<String, String> texts(ClusterMirror mirror, Function<T, String> text) {
        var texts = new TreeMap<String, String>();
        rows(mirror).forEach((key, row) -> texts.put(key, text.apply(row)));
        return texts;
    }

    private static String utf8(byte[] line) {
        return new String(line, StandardCharsets.UTF_8);
    }

    private static List<String> cells(String first, List<String> rest) {
        var cells = new ArrayList<>(List.of(first));
        cells.addAll(rest);
        return cells;
    }

    private List<String> cells(List<Column<T>> columns, T row) {
        return columns.stream().map(column -> column.show(row, full)).toList();
    }

    private String table(List<Column<T>> columns, List<T> rows) {
        var table = new Table();
        if (!noLegend) {
            table.row(columns.stream().map(Column::header).toList());
        }
        rows.forEach(row -> table.row(cells(columns, row)));
        return table.render();
    }
}
