package io.skerry.bench.slice;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.bench.store.Machine;
import java.util.List;
import java.util.Locale;

/** Figures with the machine on which they were measured, for people and for programs. */
public record SliceReport(Machine machine, List<Figure> figures) {
    private static final String ROW = "%-64s%10s%10s  %s%n";

    /** Not for others to make. */
    public SliceReport {
        figures = List.copyOf(figures);
    }

    /** A line a figure. */
    public String table() {
        var text =
                new StringBuilder(
                        String.format(Locale.ROOT, ROW, "FIGURE", "VALUE", "TARGET", "REACHED"));
        for (Figure figure : figures) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            ROW,
                            figure.name(),
                            number(figure.value(), figure.unit()),
                            number(figure.target(), figure.unit()),
                            figure.reached() ? "yes" : "no"));
        }
        return text.toString();
    }

    /** All values that were seen. */
    public String json() {
        var mapper = new ObjectMapper();
        var root = mapper.createObjectNode();
        root.set("machine", mapper.valueToTree(machine));
        var list = root.putArray("figures");
        for (Figure figure : figures) {
            list.addObject()
                    .put("name", figure.name())
                    .put("unit", figure.unit())
                    .put("value", figure.value())
                    .put("target", figure.target())
                    .put("reached", figure.reached())
                    .set("seen", mapper.valueToTree(figure.seen()));
        }
        return root.toPrettyString() + "\n";
    }

    /** One figure in short, for progress. */
    static String line(Figure figure) {
        return figure.name() + ": " + number(figure.value(), figure.unit());
    }

    private static String number(double value, String unit) {
        String format = unit.equals("s") ? "%.1f" : "%.0f";
        return (String.format(Locale.ROOT, format, value) + " " + unit).strip();
    }
}
