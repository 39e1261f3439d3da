package io.skerry.base.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant. */
public final class Nearest {
    private Nearest() {}

    /**
     * The candidate nearest to {@code word} by edits, or none when even the nearest is another word
     * altogether: more than half of it, and more than two letters, would have to change, or all of
     * it. The dashes before a flag are nothing that it shares with another.
     */
    public static Optional<String> to(String word, Collection<String> candidates) {
        return candidates.stream()
                .map(candidate -> new Match(candidate, edits(word, candidate)))
                .filter(match -> match.edits <= most(word))
                .min(Comparator.comparingInt(Match::edits).thenComparing(Match::candidate))
                .map(Match::candidate);
    }

    private static int most(String word) {
        int letters = word.startsWith("-") ? word.replaceFirst("^-+", "").length() : word.length();
        return Math.min(Math.max(2, letters / 2), letters - 1);
    }

    private record Match(String candidate, int edits) {}

    /** Levenshtein distance where swapping two neighbours counts as one edit. */
    private static int edits(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (var i = 0; i <= a.length(); i++) {
            for (var j = 0; j <= b.length(); j++) {
                rows[i][j] = i == 0 ? j : j == 0 ? i : fewest(a, b, i, j, rows);
            }
        }
        return rows[a.length()][b.length()];
    }

    private static int fewest(String a, String b, int i, int j, int[][] rows) {
        var same = a.charAt(i - 1) == b.charAt(j - 1);
        var best =
                Math.min(
                        rows[i - 1][j - 1] + (same ? 0 : 1),
                        1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
        var swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
    }
}
