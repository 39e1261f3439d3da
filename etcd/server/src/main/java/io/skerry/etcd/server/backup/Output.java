package io.skerry.etcd.server.backup;

import java.util.List;
import java.util.Locale;

/** The forms in which etcdutl prints a result. */
enum Output {
    SIMPLE,
    JSON,
    TABLE,
    FIELDS;

    private static final double KILO = 1000;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    /**
     * One value of a result.
     *
     * @param json its name in JSON and among the fields
     * @param shown how it reads for people
     */
    record Value(String json, String field, String heading, long number, String shown) {}

    static Output of(String name) {
        for (Output output : values()) {
            if (output.name().toLowerCase(Locale.ROOT).equals(name)) {
                return output;
            }
        }
        throw new IllegalArgumentException(
                "-w: \"" + name + "\" must be simple, json, table or fields");
    }

    String of(List<Value> values) {
        return switch (this) {
            case SIMPLE -> String.join(", ", values.stream().map(Value::shown).toList());
            case JSON ->
                    "{"
                            + String.join(
                                    ",",
                                    values.stream()
                                            .map(v -> "\"" + v.json + "\":" + v.number)
                                            .toList())
                            + "}";
            case FIELDS ->
                    String.join(
                            "\n",
                            values.stream().map(v -> "\"" + v.field + "\" : " + v.number).toList());
            case TABLE -> table(values);
        };
    }

    private static String table(List<Value> values) {
        var line = new StringBuilder("+");
        var head = new StringBuilder("|");
        var row = new StringBuilder("|");
        for (Value value : values) {
            int width = Math.max(value.heading.length(), value.shown.length());
            line.append("-".repeat(width + 2)).append('+');
            head.append(' ').append(centered(value.heading, width)).append(" |");
            row.append(' ').append(" ".repeat(width - value.shown.length()));
            row.append(value.shown).append(" |");
        }
        return String.join("\n", line, head, line, row, line);
    }

    private static String centered(String text, int width) {
        int left = (width - text.length()) / 2;
        return " ".repeat(left) + text + " ".repeat(width - text.length() - left);
    }

    /** As etcd shows sizes: two digits, steps of 1000. */
    static String size(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= KILO && unit < UNITS.length - 1) {
            rest /= KILO;
            unit++;
        }
        return unit == 0 || rest >= 10
                ? Math.round(rest) + " " + UNITS[unit]
                : String.format(Locale.ROOT, "%.1f %s", rest, UNITS[unit]);
    }
}
