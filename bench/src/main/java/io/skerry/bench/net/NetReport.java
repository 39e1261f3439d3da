package io.skerry.bench.net;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.bench.store.Machine;
import java.util.List;
import java.util.Locale;

/**
 * What came out.
 *
 * @param load of the machine, as the kernel's average over a minute was at the start and the end
 */
public record NetReport(Machine machine, List<String> load, List<NetFigure> figures) {
    /** Keeps its own copies. */
    public NetReport {
        load = List.copyOf(load);
        figures = List.copyOf(figures);
    }

    /** For people. */
    public String table() {
        var text = new StringBuilder();
        text.append(row("FIGURE", "FLANNELD", "SKERRY", "RATIO", "TARGET", "REACHED"));
        for (NetFigure f : figures) {
            double ratio = f.oursMedian() / f.originalMedian();
            text.append(
                    row(
                            f.name(),
                            number(f.originalMedian()),
                            number(f.oursMedian()),
                            Double.isNaN(ratio) ? "-" : number(ratio) + "x",
                            f.goal().text().isEmpty() ? "-" : f.goal().text(),
                            !f.judged() ? "-" : f.reached() ? "yes" : "no"));
        }
        return text.append("load of the machine at the start and the end: ")
                .append(String.join(", ", load))
                .append('\n')
                .toString();
    }

    private static String row(
            String name, String original, String ours, String ratio, String goal, String reached) {
        return String.format(
                Locale.ROOT,
                "%-52s%12s%12s%9s%9s%9s%n",
                name,
                original,
                ours,
                ratio,
                goal,
                reached);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }

    /** For programs. */
    public String json() {
        var mapper = new ObjectMapper();
        var root = mapper.createObjectNode();
        root.set("machine", mapper.valueToTree(machine));
        root.set("load", mapper.valueToTree(load));
        var results = root.putArray("figures");
        for (NetFigure f : figures) {
            var node = results.addObject().put("figure", f.name());
            if (!f.original().isEmpty()) {
                node.put("flanneld", f.originalMedian());
                node.put("ratio", f.oursMedian() / f.originalMedian());
            }
            node.put("skerry", f.oursMedian());
            node.put("target", f.goal().text());
            if (f.judged()) {
                node.put("reached", f.reached());
            }
            node.set("flanneldRounds", mapper.valueToTree(f.original()));
            node.set("skerryRounds", mapper.valueToTree(f.ours()));
        }
        return root.toPrettyString() + "\n";
    }
}
