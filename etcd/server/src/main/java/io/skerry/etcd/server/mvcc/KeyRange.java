package io.skerry.etcd.server.mvcc;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a request names: one, or the half-open interval {@code [from, to)} in unsigned byte
 * order.
 */
public final class KeyRange {
    private final byte[] from;
    private final byte @Nullable [] to;
    private final boolean single;

    private KeyRange(byte[] from, byte @Nullable [] to, boolean single) {
        this.from = from;
        this.to = to;
        this.single = single;
    }

    /**
     * As etcd's clients write it: no end is one key, the end {@code "\0"} is no bound. What is
     * reserved never lies in it.
     */
    public static KeyRange of(ByteString key, ByteString rangeEnd) {
        byte[] from = key.toByteArray();
        if (rangeEnd.isEmpty()) {
            return ReservedKeys.contains(from) ? new KeyRange(from, from, false) : one(from);
        }
        byte[] end = ReservedKeys.first();
        if (rangeEnd.size() > 1 || rangeEnd.byteAt(0) != 0) {
            byte[] given = rangeEnd.toByteArray();
            end = ReservedKeys.contains(given) ? end : given;
        }
        return new KeyRange(from, end, false);
    }

    /** One key, which may be a reserved one. */
    public static KeyRange one(byte[] key) {
        return new KeyRange(key, Arrays.copyOf(key, key.length + 1), true);
    }

    /** Keys from the first (inclusive) to the second (exclusive), which may be reserved ones. */
    public static KeyRange between(byte[] from, byte[] to) {
        return new KeyRange(from, to, false);
    }

    /** Every key, the reserved ones included. */
    public static KeyRange all() {
        return new KeyRange(new byte[0], null, false);
    }

    /** Whether it names exactly one key. */
    public boolean single() {
        return single;
    }

    /** First key of the interval, or the one key. */
    public byte[] from() {
        return from;
    }

    /** Where the interval ends (exclusive); null for no bound. */
    public byte @Nullable [] to() {
        return to;
    }

    /** No key can lie in it. */
    public boolean empty() {
        return to != null && Arrays.compareUnsigned(from, to) >= 0;
    }

    public boolean contains(byte[] key) {
        return single
                ? Arrays.equals(from, key)
                : Arrays.compareUnsigned(from, key) <= 0
                        && (to == null || Arrays.compareUnsigned(key, to) < 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyRange range
                && single == range.single
                && Arrays.equals(from, range.from)
                && Arrays.equals(to, range.to);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(from) + Arrays.hashCode(to);
    }
}
