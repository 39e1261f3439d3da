package io.skerry.flannel.proxy;

import io.skerry.flannel.packet.PacketMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pieces of memory that make up what is sent or written: an array of C's {@code iovec}. */
final class Pieces {
    /** The kernel takes no more at once. */
    static final int MOST = 1024;

    private static final int PIECE_BYTES = 16;

    private final MemorySegment pieces;
    private int count;

    Pieces(Arena arena, int most) {
        pieces = arena.allocate((long) PIECE_BYTES * most, Long.BYTES);
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    void add(PacketMemory memory, int at, int length) {
        long piece = (long) PIECE_BYTES * count++;
        pieces.set(ValueLayout.JAVA_LONG, piece, memory.segment().address() + at);
        pieces.set(ValueLayout.JAVA_LONG, piece + Long.BYTES, length);
    }

    /** From one of them on. */
    MemorySegment from(int number) {
        return pieces.asSlice((long) PIECE_BYTES * number);
    }

    long length(int number) {
        return pieces.get(ValueLayout.JAVA_LONG, (long) PIECE_BYTES * number + Long.BYTES);
    }
}
