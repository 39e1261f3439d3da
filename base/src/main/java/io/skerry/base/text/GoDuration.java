package io.skerry.base.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 5s}, {@code 1m30s}, {@code 2.041692ms}. */
public final class GoDuration {
    private static final Pattern PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("[-+]?(?:" + PART.pattern() + ")+");
    private static final Map<String, Long> NANOS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L);

    private GoDuration() {}

    /** Empty if the text is no duration, or one of more than 292 years. */
    public static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        var sum = BigDecimal.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            var unit = BigDecimal.valueOf(NANOS.getOrDefault(parts.group(2), 0L));
            sum = sum.add(new BigDecimal(parts.group(1)).multiply(unit));
        }
        try {
            long nanos = sum.setScale(0, RoundingMode.DOWN).longValueExact();
            return Optional.of(Duration.ofNanos(text.startsWith("-") ? -nanos : nanos));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The shortest exact form of a duration below a minute. */
    public static String format(Duration duration) {
        long nanos = duration.toNanos();
        String unit = nanos < 1_000 ? "ns" : nanos < 1_000_000 ? "us" : nanos < 1e9 ? "ms" : "s";
        var number =
                BigDecimal.valueOf(nanos)
                        .divide(BigDecimal.valueOf(NANOS.getOrDefault(unit, 1L)))
                        .stripTrailingZeros()
                        .toPlainString();
        return number + (unit.equals("us") ? "\u00b5s" : unit);
    }
}
