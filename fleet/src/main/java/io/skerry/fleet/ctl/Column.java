package io.skerry.fleet.ctl;

import io.skerry.base.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A column of a list.
 *
 * @param name in {@code --fields}; in upper case it is the header
 * @param text what a row shows; the flag asks for full identifiers
 */
record Column<T>(String name, BiFunction<T, Boolean, String> text) {
    static final String NONE = "-";

    String header() {
        return name.toUpperCase(Locale.ROOT);
    }

    /** What the row shows; nothing is shown as a hyphen. */
    String show(T row, boolean full) {
        String shown = text.apply(row, full);
        return shown.isEmpty() ? NONE : shown;
    }

    /** The columns that a comma-separated list names, in its order. */
    static <T> List<Column<T>> choose(List<Column<T>> all, String fields) throws CtlException {
        Map<String, Column<T>> byName = new TreeMap<>();
        all.forEach(column -> byName.put(column.name(), column));
        var chosen = new ArrayList<Column<T>>();
        for (String field : fields.split(",", -1)) {
            Column<T> column = byName.get(field.strip());
            if (column == null) {
                throw CtlException.usage(
                        "unknown field '"
                                + field.strip()
                                + "' in --fields"
                                + Nearest.to(field.strip(), byName.keySet())
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("")
                                + " (fields: "
                                + String.join(",", byName.keySet())
                                + ")");
            }
            chosen.add(column);
        }
        return chosen;
    }
}
