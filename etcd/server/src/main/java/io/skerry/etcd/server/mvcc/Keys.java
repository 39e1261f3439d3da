package io.skerry.etcd.server.mvcc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How the engine's keys are built, so that unsigned byte order is the order wanted.
 *
 * <ul>
 *   <li>history: the key with each {@code 00} written {@code 00 FF}, then {@code 00}, then the
 *       revision in 8 bytes. Revisions begin with a byte less than FF, so that a key's versions lie
 *       together, by revision, before those of any longer key. The value is the change's position
 *       within the revision.
 *   <li>events: revision in 8 bytes, position within the revision in 4.
 *   <li>keys of leases: lease in 8 bytes, then the key.
 * </ul>
 */
final class Keys {
    static final int REVISION_BYTES = Long.BYTES;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final byte ESCAPE = (byte) 0xFF;

    private Keys() {}

    static byte[] history(byte[] key, long revision) {
        int zeros = zeros(key);
        var out = new byte[key.length + zeros + 1 + REVISION_BYTES];
        int end = escape(key, zeros, out);
        ByteBuffer.wrap(out).putLong(end + 1, revision);
        return out;
    }

    /** Lies before the history of this key and of every greater one, after that of lesser ones. */
    static byte[] historyStart(byte[] key) {
        int zeros = zeros(key);
        var out = new byte[key.length + zeros + 1];
        escape(key, zeros, out);
        return out;
    }

    static long revisionOfHistory(byte[] historyKey) {
        return (long) LONGS.get(historyKey, historyKey.length - REVISION_BYTES);
    }

    static byte[] keyOfHistory(byte[] historyKey) {
        int end = historyKey.length - REVISION_BYTES - 1;
        var out = new byte[end];
        int length = 0;
        for (int i = 0; i < end; i++) {
            out[length++] = historyKey[i];
            if (historyKey[i] == 0) {
                i++;
            }
        }
        return length == end ? out : Arrays.copyOf(out, length);
    }

    /** Whether the entry of history belongs to the key whose {@link #historyStart} this is. */
    static boolean sameHistory(byte[] historyKey, byte[] historyStart) {
        int end = historyStart.length;
        return historyKey.length == end + REVISION_BYTES
                && Arrays.equals(historyKey, 0, end, historyStart, 0, end);
    }

    static byte[] event(long revision, int position) {
        var key = new byte[REVISION_BYTES + Integer.BYTES];
        LONGS.set(key, 0, revision);
        INTS.set(key, REVISION_BYTES, position);
        return key;
    }

    static long revisionOfEvent(byte[] eventKey) {
        return (long) LONGS.get(eventKey, 0);
    }

    /** The least key that is greater than this one. */
    static byte[] following(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** A position within a revision, as history keeps it. */
    static byte[] position(int position) {
        var bytes = new byte[Integer.BYTES];
        INTS.set(bytes, 0, position);
        return bytes;
    }

    static int readPosition(byte[] position) {
        return (int) INTS.get(position, 0);
    }

    static byte[] leaseKey(long lease, byte[] key) {
        return ByteBuffer.allocate(Long.BYTES + key.length).putLong(lease).put(key).array();
    }

    static byte[] keyOfLeaseKey(byte[] leaseKey) {
        return Arrays.copyOfRange(leaseKey, Long.BYTES, leaseKey.length);
    }

    static boolean ofLease(byte[] leaseKey, long lease) {
        return ByteBuffer.wrap(leaseKey).getLong(0) == lease;
    }

    private static int zeros(byte[] key) {
        int zeros = 0;
        for (byte b : key) {
            if (b == 0) {
                zeros++;
            }
        }
        return zeros;
    }

    private static int escape(byte[] key, int zeros, byte[] out) {
        if (zeros == 0) {
            System.arraycopy(key, 0, out, 0, key.length);
            return key.length;
        }
        int at = 0;
        for (byte b : key) {
            out[at++] = b;
            if (b == 0) {
                out[at++] = ESCAPE;
            }
        }
        return at;
    }
}
