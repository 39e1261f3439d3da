package io.skerry.node.playground;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** How a command writes what it lists: for people, with more columns, or for programs. */
public enum Format {
    table,
    wide,
    json,
    yaml;

    /** A single list as a whole document. */
    public String render(Rows rows) {
        return switch (this) {
            case table -> rows.table(false);
            case wide -> rows.table(true);
            case json, yaml -> render(rows.objects());
        };
    }

    /** A tree of maps, lists, texts and numbers; only for json and yaml. */
    public String render(Object tree) {
        return switch (this) {
            case json -> json(tree);
            case yaml ->
                    new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
                            .dumpToString(tree);
            case table, wide ->
                    throw new IllegalArgumentException(name() + " is not a format of trees");
        };
    }

    public boolean isTree() {
        return this == json || this == yaml;
    }

    private static String json(Object tree) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(tree)
                    + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e); // maps and texts can always be written
        }
    }

    static String columns(List<List<String>> rows) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(
                        String.format(
                                Locale.ROOT, "%-" + (widths[column] + 2) + "s", row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
