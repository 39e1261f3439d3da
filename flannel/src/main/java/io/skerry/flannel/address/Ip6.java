package io.skerry.flannel.address;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IPv6 address.
 *
 * @param high its first eight bytes, the first of them the highest
 * @param low the last eight
 */
public record Ip6(long high, long low) implements Ip {
    static final int BYTES = 16;
    private static final int GROUPS = 8;
    private static final int GROUP_BITS = 16;
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final long LINK_LOCAL = 0xfe80L << 48;
    private static final long LINK_LOCAL_MASK = 0xffc0L << 48;

    /** Reads groups of hexadecimal digits; {@code ::} may stand for some of zeros. */
    public static Optional<Ip6> parse(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return parse(text.split(":", -1), new String[0], false);
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        return parse(groups(before), groups(after), true);
    }

    private static String[] groups(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    private static Optional<Ip6> parse(String[] before, String[] after, boolean gap) {
        int given = before.length + after.length;
        if (gap ? given >= GROUPS : given != GROUPS) {
            return Optional.empty();
        }
        var address = ByteBuffer.allocate(BYTES);
        for (int i = 0; i < GROUPS; i++) {
            int fromEnd = GROUPS - i;
            String group =
                    i < before.length
                            ? before[i]
                            : fromEnd <= after.length ? after[after.length - fromEnd] : "0";
            if (!GROUP.matcher(group).matches()) {
                return Optional.empty();
            }
            address.putShort((short) Integer.parseInt(group, 16));
        }
        return Optional.of(of(address.array()));
    }

    /** For texts that are known to be addresses. */
    public static Ip6 of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(text + " is no IPv6 address"));
    }

    /** Sixteen bytes in network order. */
    public static Ip6 of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an IPv6 address has 16 bytes, not " + bytes.length);
        }
        var buffer = ByteBuffer.wrap(bytes);
        return new Ip6(buffer.getLong(), buffer.getLong());
    }

    @Override
    public Family family() {
        return Family.IPV6;
    }

    /** Whether it means something on one link only. */
    public boolean isLinkLocal() {
        return (high & LINK_LOCAL_MASK) == LINK_LOCAL;
    }

    @Override
    public Ip6 plus(int count) {
        return plus(0, count);
    }

    @Override
    public Ip6 next() {
        return new Ip6(low == -1 ? high + 1 : high, low + 1);
    }

    @Override
    public Ip6 previous() {
        return new Ip6(low == 0 ? high - 1 : high, low - 1);
    }

    Ip6 plus(long moreHigh, long moreLow) {
        long sum = low + moreLow;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new Ip6(high + moreHigh + carry, sum);
    }

    @Override
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    private int group(int number) {
        long half = number < GROUPS / 2 ? high : low;
        int shift = GROUP_BITS * (GROUPS / 2 - 1 - number % (GROUPS / 2));
        return (int) (half >>> shift) & 0xffff;
    }

    @Override
    public int compareTo(Ip other) {
        return switch (other) {
            case Ip4 _ -> 1;
            case Ip6(long otherHigh, long otherLow) -> {
                int byHigh = Long.compareUnsigned(high, otherHigh);
                yield byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
            }
        };
    }

    /** As RFC 5952 wants it: the first of the longest runs of zeros is left out. */
    @Override
    public String toString() {
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = 0;
            while (i + length < GROUPS && group(i + length) == 0) {
                length++;
            }
            if (length > gapLength) {
                gap = i;
                gapLength = length;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }
}
