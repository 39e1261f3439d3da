package io.skerry.bench.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Renders comparisons for people and for programs. */
final class Report {
    private static final String ROW = "%-8s%-20s%-11s%-9s%12s%10s%10s%12s%9s%9s%n";
    private static final String FIGURE = "%-8s%-16s%-38s%14s%14s%10s%8s%9s%n";
    private static final double MEGABYTE = 1 << 20;

    private Report() {}

    /** Both tables; one of nothing is left out. */
    static String table(List<Comparison> comparisons, List<Figure> figures) {
        return (comparisons.isEmpty() ? "" : table(comparisons))
                + (comparisons.isEmpty() || figures.isEmpty() ? "" : "\n")
                + (figures.isEmpty() ? "" : figures(figures));
    }

    private static String figures(List<Figure> figures) {
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        FIGURE,
                        "MEMBERS",
                        "SCENARIO",
                        "FIGURE",
                        "ETCD",
                        "SKERRY",
                        "RATIO",
                        "TARGET",
                        "REACHED"));
        for (Figure f : figures) {
            boolean judged = !f.goal().text().isEmpty();
            text.append(
                    String.format(
                            Locale.ROOT,
                            FIGURE,
                            f.members(),
                            f.scenario(),
                            f.name(),
                            number(f.etcd()),
                            number(f.skerry()),
                            Double.isNaN(f.etcd()) ? "-" : times(f.ratio()),
                            f.goal().text(),
                            judged ? f.goal().reached(f.etcd(), f.skerry()) ? "yes" : "no" : ""));
        }
        return text.toString();
    }

    /** One figure in short, for progress. */
    static String line(Figure f) {
        return String.format(
                Locale.ROOT,
                "%d member(s), %s, %s: etcd %s, skerry %s",
                f.members(),
                f.scenario(),
                f.name(),
                number(f.etcd()),
                number(f.skerry()));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String table(List<Comparison> comparisons) {
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        ROW,
                        "MEMBERS",
                        "WORKLOAD",
                        "IN FLIGHT",
                        "STORE",
                        "CALLS/S",
                        "P50 MS",
                        "P99 MS",
                        "CPU S/100K",
                        "RSS MB",
                        "FAILED"));
        for (Comparison c : comparisons) {
            text.append(row(c, "etcd", c.originalMedian()));
            text.append(row(c, "skerry", c.oursMedian()));
            Measurement r = c.ratio();
            text.append(
                    String.format(
                            Locale.ROOT,
                            ROW,
                            c.members(),
                            c.workload().label(),
                            c.inFlight(),
                            "ratio",
                            times(r.perSecond()),
                            times(r.p50Micros()),
                            times(r.p99Micros()),
                            times(r.cpuSecondsPer100k()),
                            times(r.residentBytes()),
                            ""));
        }
        return text.toString();
    }

    /** One comparison in short, for progress. */
    static String line(Comparison c) {
        return String.format(
                Locale.ROOT,
                "%d member(s), %s, %d in flight: etcd %.0f/s, skerry %.0f/s (%s; CPU %s)",
                c.members(),
                c.workload().label(),
                c.inFlight(),
                c.originalMedian().perSecond(),
                c.oursMedian().perSecond(),
                times(c.ratio().perSecond()),
                times(c.ratio().cpuSecondsPer100k()));
    }

    static String json(Machine machine, List<Comparison> comparisons, List<Figure> figures) {
        var mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.set("machine", mapper.valueToTree(machine));
        ArrayNode results = root.putArray("results");
        for (Comparison c : comparisons) {
            ObjectNode node = results.addObject();
            node.put("members", c.members());
            node.put("workload", c.workload().label());
            node.put("inFlight", c.inFlight());
            node.put("valueBytes", PutRequests.VALUE_BYTES);
            node.set("etcd", mapper.valueToTree(c.originalMedian()));
            node.set("skerry", mapper.valueToTree(c.oursMedian()));
            node.set("ratio", mapper.valueToTree(c.ratio()));
            node.set("etcdRounds", mapper.valueToTree(c.original()));
            node.set("skerryRounds", mapper.valueToTree(c.ours()));
        }
        ArrayNode list = root.putArray("figures");
        for (Figure f : figures) {
            ObjectNode node = list.addObject();
            node.put("members", f.members());
            node.put("scenario", f.scenario());
            node.put("figure", f.name());
            if (!Double.isNaN(f.etcd())) {
                node.put("etcd", f.etcd());
                node.put("ratio", f.ratio());
            }
            node.put("skerry", f.skerry());
            node.put("target", f.goal().text());
            node.put("reached", f.goal().reached(f.etcd(), f.skerry()));
        }
        return root.toPrettyString() + "\n";
    }

    private static String row(Comparison c, String store, Measurement m) {
        return String.format(
                Locale.ROOT,
                ROW,
                c.members(),
                c.workload().label(),
                c.inFlight(),
                store,
                String.format(Locale.ROOT, "%.0f", m.perSecond()),
                String.format(Locale.ROOT, "%.2f", m.p50Micros() / 1000),
                String.format(Locale.ROOT, "%.2f", m.p99Micros() / 1000),
                String.format(Locale.ROOT, "%.2f", m.cpuSecondsPer100k()),
                String.format(Locale.ROOT, "%.0f", m.residentBytes() / MEGABYTE),
                String.format(Locale.ROOT, "%.0f", m.failed()));
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2fx", ratio);
    }
}
