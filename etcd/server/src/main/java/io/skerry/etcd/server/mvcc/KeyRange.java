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

    /** As etcd writes it: no end is one key, the end {@code "\0"} is no bound. */
    public static KeyRange of(ByteString key, ByteString rangeEnd) {
        byte[] from = key.toByteArray();
        if (rangeEnd.isEmpty()) {
            return new KeyRange(from, Arrays.copyOf(from, from.length + 1), true);
        }
        if (rangeEnd.size() == 1 && rangeEnd.byteAt(0) == 0) {
            return new KeyRange(from, null, false);
        }
        return new KeyRange(from, rangeEnd.toByteArray(), false);
    }

    /** Every key. */
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
}
