package io.skerry.fleet.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of CPU time and memory: what a machine has, or what a unit asks for.
 *
 * @param cpuMillis thousandths of one processor
 * @param memoryBytes bytes of memory
 */
public record Resources(long cpuMillis, long memoryBytes) {
    /** Nothing: of a machine, that it has told no capacity; of a unit, that it asks for none. */
    public static final Resources NONE = new Resources(0, 0);

    /** What is allowed as an amount of CPU. */
    static final String CPU_FORMS = "processors, such as 2, 0.5 or 500m, from 1m to 100000";

    /** What is allowed as an amount of memory. */
    static final String MEMORY_FORMS =
            "bytes, such as 256M, 1.5G or 262144, with K, M, G or T for powers of 1024";

    private static final Pattern CPU =
            Pattern.compile("(\\d{1,9})m|(\\d{1,6}(?:\\.\\d{1,3})?)", Pattern.CASE_INSENSITIVE);
    private static final Pattern MEMORY =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,3})?)([KMGT]?)", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGT";
    private static final long MAX_CPU_MILLIS = 100_000_000;
    private static final long MAX_MEMORY_BYTES = 1L << 60;
    private static final int MILLIS = 1000;

    /** Refuses amounts below nothing. */
    public Resources {
        if (cpuMillis < 0 || memoryBytes < 0) {
            throw new IllegalArgumentException(
                    "less than nothing: " + cpuMillis + "m CPU, " + memoryBytes + " bytes");
        }
    }

    /** Both together, at most what a number holds: many units may ask for more than that. */
    public Resources plus(Resources other) {
        return new Resources(sum(cpuMillis, other.cpuMillis), sum(memoryBytes, other.memoryBytes));
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    /** What is left of this when the other is taken away; nothing where more is taken than is. */
    public Resources minus(Resources other) {
        return new Resources(
                Math.max(0, cpuMillis - other.cpuMillis),
                Math.max(0, memoryBytes - other.memoryBytes));
    }

    /**
     * True when a machine of that capacity, of which so much is taken, has room for this. What is
     * not asked for does not matter.
     */
    public boolean fitsInto(Resources capacity, Resources taken) {
        return (cpuMillis == 0 || sum(cpuMillis, taken.cpuMillis) <= capacity.cpuMillis)
                && (memoryBytes == 0
                        || sum(memoryBytes, taken.memoryBytes) <= capacity.memoryBytes);
    }

    /** True for {@link #NONE}. */
    public boolean isNone() {
        return cpuMillis == 0 && memoryBytes == 0;
    }

    /** The CPU as it may be written in a unit file. */
    public String cpu() {
        return cpuMillis < MILLIS
                ? cpuMillis + "m"
                : BigDecimal.valueOf(cpuMillis, 3).stripTrailingZeros().toPlainString();
    }

    /** The memory in its largest unit, rounded down to tenths of it. */
    public String memory() {
        int unit = -1;
        long size = 1;
        while (unit + 1 < UNITS.length() && memoryBytes >= size * 1024) {
            size *= 1024;
            unit++;
        }
        if (unit < 0) {
            return Long.toString(memoryBytes);
        }
        return BigDecimal.valueOf(memoryBytes)
                        .divide(BigDecimal.valueOf(size), 1, RoundingMode.DOWN)
                        .stripTrailingZeros()
                        .toPlainString()
                + UNITS.charAt(unit);
    }

    /**
     * Reads an amount of CPU.
     *
     * @throws IllegalArgumentException tells what is allowed
     */
    static long parseCpu(String text) {
        Matcher amount = CPU.matcher(text);
        if (amount.matches()) {
            long millis =
                    amount.group(1) != null
                            ? Long.parseLong(amount.group(1))
                            : new BigDecimal(amount.group(2)).movePointRight(3).longValue();
            if (millis > 0 && millis <= MAX_CPU_MILLIS) {
                return millis;
            }
        }
        throw new IllegalArgumentException("is no number of " + CPU_FORMS);
    }

    /**
     * Reads an amount of memory.
     *
     * @throws IllegalArgumentException tells what is allowed
     */
    static long parseMemory(String text) {
        Matcher amount = MEMORY.matcher(text);
        if (amount.matches()) {
            int unit = UNITS.indexOf(amount.group(2).toUpperCase(Locale.ROOT));
            int shift = amount.group(2).isEmpty() ? 0 : 10 * (unit + 1);
            BigDecimal bytes =
                    new BigDecimal(amount.group(1)).multiply(BigDecimal.valueOf(1L << shift));
            if (bytes.compareTo(BigDecimal.ONE) >= 0
                    && bytes.compareTo(BigDecimal.valueOf(MAX_MEMORY_BYTES)) <= 0) {
                return bytes.longValue();
            }
        }
        throw new IllegalArgumentException("is no number of " + MEMORY_FORMS);
    }
}
