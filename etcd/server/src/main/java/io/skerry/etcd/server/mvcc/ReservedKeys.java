package io.skerry.etcd.server.mvcc;

import java.util.Arrays;

/**
 * The end of the key space, which is not for clients of v3: no range of theirs reaches into it and
 * no put is taken. The v2 API keeps its nodes there.
 */
public final class ReservedKeys {
    public static final int PREFIX_BYTES = 8;

    private static final byte FIRST = (byte) 0xFF;
    private static final byte[] PREFIX = new byte[PREFIX_BYTES];

    static {
        Arrays.fill(PREFIX, FIRST);
    }

    private ReservedKeys() {}

    /** What all reserved keys and no others begin with. */
    public static byte[] prefix() {
        return PREFIX.clone();
    }

    /** The first reserved key; nobody may change it. */
    static byte[] first() {
        return PREFIX;
    }

    /** Whether a key is not for clients of v3. */
    public static boolean contains(byte[] key) {
        // The first byte tells for nearly every key.
        return key.length >= PREFIX_BYTES
                && key[0] == FIRST
                && Arrays.equals(key, 0, PREFIX_BYTES, PREFIX, 0, PREFIX_BYTES);
    }
}
