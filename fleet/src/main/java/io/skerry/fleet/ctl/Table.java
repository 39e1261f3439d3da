package io.skerry.fleet.ctl;

import java.util.ArrayList;
import java.util.List;

/**
 * Text in columns that start at tab stops of eight, at least one blank apart, as the original's
 * lists look on a terminal. The gaps are filled with blanks, so that a line can be searched with a
 * plain expression.
 */
final class Table {
    private static final int TAB_STOP = 8;

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    /** Adds a line; lines need not have the same number of cells. */
    Table row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /** All lines, each ended by a newline; the last cell of a line is never padded. */
    String render() {
        widen();
        var text = new StringBuilder();
        for (var row : rows) {
            for (int column = 0; column < row.size(); column++) {
                var cell = row.get(column);
                text.append(cell);
                if (column < row.size() - 1) {
                    text.repeat(' ', widths.get(column) - width(cell));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The lines since the last call, in columns that only ever become wider. */
    String renderNew() {
        String text = render();
        rows.clear();
        return text;
    }

    private void widen() {
        for (var row : rows) {
            for (int column = 0; column < row.size() - 1; column++) {
                if (column == widths.size()) {
                    widths.add(TAB_STOP);
                }
                widths.set(column, Math.max(widths.get(column), padded(row.get(column))));
            }
        }
    }

    /** The next tab stop that leaves a blank after the text. */
    private static int padded(String cell) {
        return (width(cell) / TAB_STOP + 1) * TAB_STOP;
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
