package io.skerry.flannel.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A netlink message being written: header, a fixed part, attributes. What it is about is kept for
 * errors.
 */
final class Message {
    /** Most are shorter; a peer of WireGuard with many subnets is not. */
    private static final int USUAL_BYTES = 1024;

    /** Where they are in the header. */
    private static final int FLAGS = 6;

    private ByteBuffer buffer = ByteBuffer.allocate(USUAL_BYTES).order(ByteOrder.nativeOrder());
    private final String about;

    Message(String about, int type, int flags) {
        this.about = about;
        buffer.putInt(0).putShort((short) type).putShort((short) (flags | Netlink.REQUEST));
        buffer.putInt(0).putInt(0);
    }

    String about() {
        return about;
    }

    /** How long it is so far. */
    int bytes() {
        return buffer.position();
    }

    /** The buffer, with room for so many bytes more. */
    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
            buffer = ByteBuffer.allocate(capacity).order(buffer.order()).put(buffer.flip());
        }
        return buffer;
    }

    Message u8(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    Message u16(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    Message u32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    Message attribute(int type, byte[] value) {
        u16(Netlink.ATTRIBUTE_HEADER_BYTES + value.length).u16(type);
        room(value.length).put(value);
        return pad();
    }

    Message attribute(int type, String text) {
        return attribute(type, (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    Message attribute(int type, int value) {
        return u16(Netlink.ATTRIBUTE_HEADER_BYTES + Integer.BYTES).u16(type).u32(value);
    }

    Message attributeU8(int type, int value) {
        return attribute(type, new byte[] {(byte) value});
    }

    /** A number of 16 bits as the machine has them. */
    Message attributeU16(int type, int value) {
        u16(Netlink.ATTRIBUTE_HEADER_BYTES + Short.BYTES).u16(type).u16(value);
        return pad();
    }

    /** A number of 16 bits in network order. */
    Message attributeBigEndian16(int type, int value) {
        return attribute(type, new byte[] {(byte) (value >>> 8), (byte) value});
    }

    Message flag(int type) {
        return attribute(type, new byte[0]);
    }

    /** Begins an attribute that holds others; {@link #end} takes what this returns. */
    int begin(int type) {
        int start = buffer.position();
        u16(0).u16(type | Netlink.NESTED);
        return start;
    }

    Message end(int start) {
        buffer.putShort(start, (short) (buffer.position() - start));
        return pad();
    }

    private Message pad() {
        while (buffer.position() % Integer.BYTES != 0) {
            room(Byte.BYTES).put((byte) 0);
        }
        return this;
    }

    /** The finished message under a number of the socket's. */
    ByteBuffer finish(int sequence) {
        return finish(sequence, flags());
    }

    /** The same of which the kernel says nothing unless it refuses it. */
    ByteBuffer finishUnacknowledged(int sequence) {
        return finish(sequence, flags() & ~Netlink.ACK);
    }

    private int flags() {
        return buffer.getShort(FLAGS);
    }

    private ByteBuffer finish(int sequence, int flags) {
        buffer.putInt(0, buffer.position());
        buffer.putShort(FLAGS, (short) flags);
        buffer.putInt(8, sequence);
        return buffer.duplicate().flip();
    }
}
