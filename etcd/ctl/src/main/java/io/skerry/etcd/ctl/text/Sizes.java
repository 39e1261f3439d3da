package io.skerry.etcd.ctl.text;

import java.util.List;
import java.util.Locale;

/** Sizes for people. */
public final class Sizes {
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");

    private Sizes() {}

    /** In units of powers of 1000; one digit after the point while the number is below 10. */
    public static String of(long bytes) {
        if (bytes < 10) {
            return bytes + " B";
        }
        int unit = 0;
        double size = bytes;
        for (long rest = bytes; rest >= 1000; rest /= 1000) {
            size /= 1000;
            unit++;
        }
        double rounded = Math.floor(size * 10 + 0.5) / 10;
        return String.format(
                Locale.ROOT, rounded < 10 ? "%.1f %s" : "%.0f %s", rounded, UNITS.get(unit));
    }
}
