package io.skerry.bench.store;

import io.skerry.bench.load.Requests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Encoded puts of values of 256 bytes on a number of keys, each made when it is sent, so that any
 * number of keys needs no memory here. A value is random but for its last eight bytes, which are
 * the {@link System#nanoTime} it was made at.
 */
final class PutRequests implements Requests {
    static final int VALUE_BYTES = 256;

    /** What every key begins with. */
    static final String PREFIX = "bench/";

    /** The first key after all that begin so. */
    static final String PREFIX_END = "bench0";

    private static final int KEY_BYTES = 16;
    private static final int POOL_BYTES = 1 << 20;
    private static final long SEED = 20_260_101;

    /** A prime, so that its multiples visit each key once before any of them twice. */
    private static final long STRIDE = 2_654_435_761L;

    private static final byte[] KEY_HEAD = {0x0a, KEY_BYTES};
    private static final byte[] VALUE_HEAD = {0x12, (byte) 0x80, 0x02};
    private static final byte[] POOL = new byte[POOL_BYTES];

    static {
        new Random(SEED).nextBytes(POOL);
    }

    private final long keys;
    private final boolean shuffled;

    private PutRequests(long keys, boolean shuffled) {
        this.keys = keys;
        this.shuffled = shuffled;
    }

    /** The keys one after the other. */
    static PutRequests inOrder(long keys) {
        return new PutRequests(keys, false);
    }

    /** The keys in an order without order, each once before any of them twice. */
    static PutRequests shuffled(long keys) {
        return new PutRequests(keys, true);
    }

    /** The key of this number; keys sort as their numbers do. */
    static byte[] key(long number) {
        String digits = Long.toString(number);
        return (PREFIX + "0".repeat(KEY_BYTES - PREFIX.length() - digits.length()) + digits)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A put of one key. */
    static byte[] of(long key) {
        return put(key, key);
    }

    @Override
    public byte[] request(long number) {
        return put(shuffled ? number % keys * STRIDE % keys : number % keys, number);
    }

    private static byte[] put(long key, long number) {
        int from = (int) (number * 7_919 % (POOL_BYTES - VALUE_BYTES));
        return ByteBuffer.allocate(KEY_HEAD.length + KEY_BYTES + VALUE_HEAD.length + VALUE_BYTES)
                .put(KEY_HEAD)
                .put(key(key))
                .put(VALUE_HEAD)
                .put(POOL, from, VALUE_BYTES - Long.BYTES)
                .putLong(System.nanoTime())
                .array();
    }
}
