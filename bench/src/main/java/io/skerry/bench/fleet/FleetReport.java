package io.skerry.bench.fleet;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What came out, one line a figure. */
public record FleetReport(List<Line> lines) {
    private static final String ROW = "%-58s%12s%12s  %s%n";

    /** Keeps its own copy. */
    public FleetReport {
        lines = List.copyOf(lines);
    }

    /**
     * One figure.
     *
     * @param target the most that it may be; null when there is none
     */
    public record Line(String name, double value, String unit, @Nullable Double target) {}

    /** The lines as a table. */
    public String table() {
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT, ROW, "FIGURE", "VALUE", "TARGET", "REACHED"));
        for (Line line : lines) {
            Double target = line.target();
            text.append(
                    String.format(
                            Locale.ROOT,
                            ROW,
                            line.name(),
                            number(line.value(), line.unit()),
                            target == null ? "-" : number(target, line.unit()),
                            target == null ? "-" : line.value() <= target ? "yes" : "no"));
        }
        return text.toString();
    }

    private static String number(double value, String unit) {
        return String.format(Locale.ROOT, "%.2f %s", value, unit);
    }
}
