package io.skerry.node.playground;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of like things: objects with the same keys for programs, and of these the columns that
 * people see.
 *
 * @param columns heading to key, those for everybody
 * @param wideColumns heading to key, added by {@code -o wide}
 */
public record Rows(
        Map<String, String> columns,
        Map<String, String> wideColumns,
        List<Map<String, Object>> objects) {
    public Rows {
        columns = new LinkedHashMap<>(columns);
        wideColumns = new LinkedHashMap<>(wideColumns);
        objects = new ArrayList<>(objects); // each its own, as YAML would make references of one
    }

    String table(boolean wide) {
        var shown = new LinkedHashMap<>(columns);
        if (wide) {
            shown.putAll(wideColumns);
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.copyOf(shown.keySet()));
        for (var object : objects) {
            rows.add(shown.values().stream().map(key -> cell(object.get(key))).toList());
        }
        return Format.columns(rows);
    }

    private static String cell(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? "-"
                    : String.join(",", list.stream().map(String::valueOf).toList());
        }
        return value == null || value.equals("") || value.equals(0L) ? "-" : value.toString();
    }

    /** Headings and keys in the given order: heading, key, heading, key, … */
    public static Map<String, String> columnsOf(String... pairs) {
        var columns = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            columns.put(pairs[i], pairs[i + 1]);
        }
        return columns;
    }
}
