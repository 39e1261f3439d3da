package io.skerry.systemd.unit;

import java.util.ArrayList;
import java.util.List;

/**
 * Which sections systemd reads in which unit files. Those beginning with {@code X-} are free to
 * others.
 */
final class Sections {
    private static final int MAX_DISTANCE_OF_A_TYPO = 3;

    private final List<String> known = new ArrayList<>(List.of("Unit", "Install"));
    private final String kind;

    private Sections(List<String> own, String kind) {
        known.addAll(own);
        this.kind = kind;
    }

    /**
     * The sections of the type that the file's name tells; those of all types when it tells none.
     */
    static Sections of(String fileName) {
        String base = fileName.substring(fileName.lastIndexOf('/') + 1);
        var type = UnitType.ofSuffix(base.substring(base.lastIndexOf('.') + 1));
        if (type.isPresent() && base.indexOf('.') >= 0) {
            String section = type.get().section();
            return new Sections(
                    section.isEmpty() ? List.of() : List.of(section), "a " + type.get().suffix());
        }
        var all = new ArrayList<String>();
        for (UnitType each : UnitType.values()) {
            if (!each.section().isEmpty()) {
                all.add(each.section());
            }
        }
        return new Sections(all, "a unit file");
    }

    boolean knows(String section) {
        return section.startsWith("X-") || known.contains(section);
    }

    /** Says what is wrong with an unknown section and which one was probably meant. */
    String explain(String section) {
        String nearest = "";
        int best = MAX_DISTANCE_OF_A_TYPO + 1;
        for (String candidate : known) {
            int distance = distance(section, candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        if (!nearest.isEmpty()) {
            return "unknown section; did you mean [" + nearest + "]?";
        }
        return "unknown section; "
                + kind
                + " may have ["
                + String.join("], [", known)
                + "] and [X-…]";
    }

    /** Levenshtein's distance, not minding case. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MAX_DISTANCE_OF_A_TYPO) {
            return Integer.MAX_VALUE;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same =
                        Character.toLowerCase(a.charAt(i - 1))
                                == Character.toLowerCase(b.charAt(j - 1));
                int replaced = previous[j - 1] + (same ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
