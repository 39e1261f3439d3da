package io.skerry.flannel.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Ports from the first to the last, both among them. */
public record PortRange(int first, int last) {
    public static final int MAX = 65_535;
    public static final PortRange ALL = new PortRange(0, MAX);
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    public PortRange {
        if (first < 0 || last > MAX || first > last) {
            throw new IllegalArgumentException("no ports from " + first + " to " + last);
        }
    }

    /** Reads {@code 80} or {@code 8000-8099}. */
    public static Optional<PortRange> parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(parts.group(1));
        int last = parts.group(2) == null ? first : Integer.parseInt(parts.group(2));
        return first <= last && last <= MAX
                ? Optional.of(new PortRange(first, last))
                : Optional.empty();
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    /** What is left of these ports without those of the other: none, one or two ranges. */
    public List<PortRange> minus(PortRange other) {
        var left = new ArrayList<PortRange>();
        if (other.last < first || other.first > last) {
            left.add(this);
            return left;
        }
        if (other.first > first) {
            left.add(new PortRange(first, other.first - 1));
        }
        if (other.last < last) {
            left.add(new PortRange(other.last + 1, last));
        }
        return left;
    }

    /** The ports of both, if there are any. */
    public Optional<PortRange> and(PortRange other) {
        int from = Math.max(first, other.first);
        int to = Math.min(last, other.last);
        return from <= to ? Optional.of(new PortRange(from, to)) : Optional.empty();
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
