package io.skerry.flannel.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that holds packets, read and written in network order, the highest byte first. For one
 * thread at a time.
 */
public final class PacketMemory {
    /** Even, so that the halves of a sum's words stay in place from one part to the next. */
    private static final int SUM_BYTES = 2048;

    private final MemorySegment segment;
    private final ByteBuffer bytes;

    /**
     * What is summed up is copied here first: with an array the loop is quick also when it was only
     * translated by the first of the JVM's compilers, to which small programs are held.
     */
    private final long[] words = new long[SUM_BYTES / Long.BYTES];

    private final MemorySegment wordBytes = MemorySegment.ofArray(words);

    public PacketMemory(MemorySegment segment) {
        this.segment = segment;
        this.bytes = segment.asByteBuffer();
    }

    /** The memory itself. */
    public MemorySegment segment() {
        return segment;
    }

    public int u8(int at) {
        return bytes.get(at) & 0xff;
    }

    public int u16(int at) {
        return bytes.getShort(at) & 0xffff;
    }

    public int i32(int at) {
        return bytes.getInt(at);
    }

    public void put8(int at, int value) {
        bytes.put(at, (byte) value);
    }

    public void put16(int at, int value) {
        bytes.putShort(at, (short) value);
    }

    public void put32(int at, int value) {
        bytes.putInt(at, value);
    }

    /** A number as the machine has it, whatever the network's order. */
    int native16(int at) {
        return inOtherOrder(u16(at));
    }

    void putNative16(int at, int value) {
        put16(at, inOtherOrder(value));
    }

    void copy(int from, int length, PacketMemory to, int at) {
        MemorySegment.copy(segment, from, to.segment, at, length);
    }

    /** The one's complement sum of 16-bit words, 0 to 0xffff; an odd last byte is a high one. */
    int sum(int at, int length) {
        long sum = 0;
        for (int done = 0; done < length; done += SUM_BYTES) {
            int count = Math.min(length - done, SUM_BYTES);
            int used = (count + Long.BYTES - 1) / Long.BYTES;
            words[used - 1] = 0; // of which not every byte may be overwritten
            MemorySegment.copy(
                    segment,
                    ValueLayout.JAVA_BYTE,
                    at + done,
                    wordBytes,
                    ValueLayout.JAVA_BYTE,
                    0,
                    count);
            sum += sumOfWords(words, used);
        }
        // A sum of words whose bytes are swapped is that of the words, swapped.
        return inOtherOrder(fold(sum));
    }

    private static long sumOfWords(long[] words, int count) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            long word = words[i];
            low += word & 0xffff_ffffL;
            high += word >>> Integer.SIZE;
        }
        return low + high;
    }

    /** Adds to the lowest 16 bits what a sum has beyond them. */
    static int fold(long sum) {
        long folded = sum;
        while (folded >>> Short.SIZE != 0) {
            folded = (folded & 0xffff) + (folded >>> Short.SIZE);
        }
        return (int) folded;
    }

    private static int inOtherOrder(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                ? value
                : Short.reverseBytes((short) value) & 0xffff;
    }
}
