package io.skerry.flannel.proxy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Messages of a socket as C has them on 64-bit machines: an array of {@code mmsghdr}, each with
 * room for one word to or from the kernel, a {@code cmsghdr}. For one thread.
 */
final class Messages {
    private static final int MESSAGE_BYTES = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int PIECES = 16;
    private static final int PIECE_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int LENGTH = 56;

    private static final int CONTROL_BYTES = 32;
    private static final int WORD_LEVEL = 8;
    private static final int WORD_KIND = 12;
    private static final int WORD = 16;

    private final MemorySegment messages;
    private final MemorySegment controls;

    Messages(Arena arena, int count) {
        messages = arena.allocate((long) MESSAGE_BYTES * count, Long.BYTES);
        controls = arena.allocate((long) CONTROL_BYTES * count, Long.BYTES);
        for (int i = 0; i < count; i++) {
            messages.set(
                    ValueLayout.ADDRESS,
                    at(i, CONTROL),
                    controls.asSlice((long) CONTROL_BYTES * i, CONTROL_BYTES));
        }
    }

    private static long at(int number, int field) {
        return (long) MESSAGE_BYTES * number + field;
    }

    /** From one of them on. */
    MemorySegment from(int number) {
        return messages.asSlice(at(number, 0));
    }

    /** Says whom one goes to. */
    void setName(int number, MemorySegment name) {
        messages.set(ValueLayout.ADDRESS, at(number, NAME), name);
        messages.set(ValueLayout.JAVA_INT, at(number, NAME_LENGTH), (int) name.byteSize());
    }

    /** Says what one is made of. */
    void setPieces(int number, MemorySegment pieces, int count) {
        messages.set(ValueLayout.ADDRESS, at(number, PIECES), pieces);
        messages.set(ValueLayout.JAVA_LONG, at(number, PIECE_COUNT), count);
    }

    void setNoWord(int number) {
        messages.set(ValueLayout.JAVA_LONG, at(number, CONTROL_LENGTH), 0);
    }

    /** Has the kernel told a number of 16 bits. */
    void setWord(int number, int level, int kind, int value) {
        long word = (long) CONTROL_BYTES * number;
        controls.set(ValueLayout.JAVA_LONG, word, WORD + Short.BYTES);
        controls.set(ValueLayout.JAVA_INT, word + WORD_LEVEL, level);
        controls.set(ValueLayout.JAVA_INT, word + WORD_KIND, kind);
        controls.set(ValueLayout.JAVA_SHORT, word + WORD, (short) value);
        messages.set(ValueLayout.JAVA_LONG, at(number, CONTROL_LENGTH), WORD + Long.BYTES);
    }

    /** Makes room for what the kernel tells; before each time that it does. */
    void expectWord(int number) {
        messages.set(ValueLayout.JAVA_LONG, at(number, CONTROL_LENGTH), CONTROL_BYTES);
    }

    /** The number of 32 bits that the kernel told; otherwise, if it told none. */
    int word(int number, int level, int kind, int otherwise) {
        long word = (long) CONTROL_BYTES * number;
        boolean told =
                messages.get(ValueLayout.JAVA_LONG, at(number, CONTROL_LENGTH))
                                >= WORD + Integer.BYTES
                        && controls.get(ValueLayout.JAVA_INT, word + WORD_LEVEL) == level
                        && controls.get(ValueLayout.JAVA_INT, word + WORD_KIND) == kind;
        return told ? controls.get(ValueLayout.JAVA_INT, word + WORD) : otherwise;
    }

    /** How many bytes of one were received. */
    int length(int number) {
        return messages.get(ValueLayout.JAVA_INT, at(number, LENGTH));
    }
}
