package io.skerry.etcd.server.compaction;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much history automatic compaction keeps. */
public sealed interface Retention {
    /** All of it. */
    record Everything() implements Retention {}

    /** What was written within a time. */
    record Period(Duration length) implements Retention {
        public Period {
            if (length.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException(
                        "--auto-compaction-retention: a period must be at least 1s");
            }
        }
    }

    /** So many of the newest revisions. */
    record Revisions(long count) implements Retention {}

    /**
     * Reads the two flags.
     *
     * @param mode {@code periodic} or {@code revision}
     * @param text {@code 0} for everything; hours as a plain number or a duration like {@code
     *     1h30m}, or a number of revisions
     * @throws IllegalArgumentException says what is allowed
     */
    static Retention parse(String mode, String text) {
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "periodic" -> {
                Duration period = period(text);
                yield period.isZero() ? new Everything() : new Period(period);
            }
            case "revision" -> {
                long count = number(text, "a number of revisions");
                yield count == 0 ? new Everything() : new Revisions(count);
            }
            default ->
                    throw new IllegalArgumentException(
                            "--auto-compaction-mode: \""
                                    + mode
                                    + "\" must be periodic or revision");
        };
    }

    private static Duration period(String text) {
        if (text.matches("\\d+")) {
            return Duration.ofHours(number(text, "hours"));
        }
        Matcher part = Pattern.compile("(\\d{1,9})(ms|h|m|s)").matcher(text);
        var sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            long amount = Long.parseLong(part.group(1));
            sum =
                    sum.plus(
                            switch (part.group(2)) {
                                case "h" -> Duration.ofHours(amount);
                                case "m" -> Duration.ofMinutes(amount);
                                case "s" -> Duration.ofSeconds(amount);
                                default -> Duration.ofMillis(amount);
                            });
            end = part.end();
        }
        if (end == 0 || end != text.length()) {
            throw refused(text, "hours as a number, or a duration like 30m or 1h30m");
        }
        return sum;
    }

    private static long number(String text, String what) {
        if (!text.matches("\\d{1,15}")) {
            throw refused(text, what);
        }
        return Long.parseLong(text);
    }

    private static IllegalArgumentException refused(String text, String allowed) {
        return new IllegalArgumentException(
                "--auto-compaction-retention: \"" + text + "\" must be " + allowed);
    }
}
