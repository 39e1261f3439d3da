package io.skerry.systemd.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The layouts of log lines that {@code journalctl --output} offers and that are lines of text. */
public enum OutputFormat {
    SHORT,
    SHORT_FULL,
    SHORT_ISO,
    SHORT_ISO_PRECISE,
    SHORT_PRECISE,
    SHORT_MONOTONIC,
    SHORT_UNIX,
    WITH_UNIT,
    VERBOSE,
    JSON,
    JSON_PRETTY,
    JSON_SSE,
    JSON_SEQ,
    CAT;

    /** The name that journalctl knows it by, for instance {@code short-iso}. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The format of that name, if there is one. */
    public static Optional<OutputFormat> of(String option) {
        return Arrays.stream(values()).filter(f -> f.option().equals(option)).findFirst();
    }
}
