package io.skerry.etcd.ctl.format;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table with a frame: the heads in capitals and centred, the cells on the right. */
public record Table(List<String> heads, List<List<String>> rows) {
    public Table {
        heads = List.copyOf(heads);
        rows = List.copyOf(rows);
    }

    /** The rows as the simple format has them. */
    public String plain() {
        return rows.stream()
                .map(row -> String.join(", ", row) + "\n")
                .collect(Collectors.joining());
    }

    String render() {
        int[] widths =
                IntStream.range(0, heads.size())
                        .map(column ->
                                Math.max(
                                        heads.get(column).length(),
                                        rows.stream()
                                                .mapToInt(row -> row.get(column).length())
                                                .max()
                                                .orElse(0)))
                        .toArray();
        String rule =
                IntStream.of(widths)
                        .mapToObj(width -> "-".repeat(width + 2))
                        .collect(Collectors.joining("+", "+", "+\n"));
        var text = new StringBuilder(rule);
        row(text, heads.stream().map(head -> head.toUpperCase(Locale.ROOT)).toList(), widths, 2);
        text.append(rule);
        rows.forEach(row -> row(text, row, widths, 1));
        return rows.isEmpty() ? text.toString() : text.append(rule).toString();
    }

    /** Of the blanks of a cell, one part in {@code share} stands on its left: all or half. */
    private static void row(StringBuilder text, List<String> cells, int[] widths, int share) {
        for (int i = 0; i < widths.length; i++) {
            int blanks = widths[i] - cells.get(i).length();
            text.append("| ")
                    .repeat(" ", blanks / share)
                    .append(cells.get(i))
                    .repeat(" ", blanks - blanks / share)
                    .append(' ');
        }
        text.append("|\n");
    }
}
