package io.skerry.etcd.server.consensus.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * One request or answer.
 *
 * <pre>
 *  0 length   u32  bytes that follow
 *  4 kind     u8   {@link #REQUEST}, {@link #RESPONSE} or {@link #FAILURE}
 *  5 id       u64  chosen by the asker, repeated in the answer
 * 13 type     u16  what the payload is; the code of a failure
 * 15 payload
 * </pre>
 */
record Frame(byte kind, long id, int type, ByteString payload) {
    static final byte REQUEST = 1;
    static final byte RESPONSE = 2;
    static final byte FAILURE = 3;

    /** The id of a request that wants no answer. */
    static final long UNANSWERED = 0;

    private static final int PREFIX = 15;
    private static final int MAX_BYTES = 64 << 20;
    private static final int READ_AT_ONCE_BYTES = 256 << 10;

    static byte[] encode(byte kind, long id, int type, MessageLite payload) {
        int size = payload.getSerializedSize();
        byte[] frame = prefix(kind, id, type, size);
        try {
            var out = CodedOutputStream.newInstance(frame, PREFIX, size);
            payload.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return frame;
    }

    static byte[] encode(byte kind, long id, int type, ByteString payload) {
        byte[] frame = prefix(kind, id, type, payload.size());
        payload.copyTo(frame, PREFIX);
        return frame;
    }

    private static byte[] prefix(byte kind, long id, int type, int size) {
        if (size > MAX_BYTES - PREFIX) {
            throw new IllegalArgumentException(
                    "a message of " + size + " bytes exceeds the limit of " + MAX_BYTES);
        }
        byte[] frame = new byte[PREFIX + size];
        ByteBuffer.wrap(frame)
                .putInt(PREFIX - 4 + size)
                .put(kind)
                .putLong(id)
                .putShort((short) type);
        return frame;
    }

    /** Reads the next frame; its payload refers to the bytes read, which nobody changes. */
    static Frame read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < PREFIX - 4 || length > MAX_BYTES) {
            throw new IOException("a frame claims to have " + length + " bytes");
        }
        byte kind = in.readByte();
        long id = in.readLong();
        int type = in.readUnsignedShort();
        if (kind < REQUEST || kind > FAILURE) {
            throw new IOException("a frame is of unknown kind " + kind);
        }
        byte[] payload = payload(in, length - (PREFIX - 4));
        return new Frame(kind, id, type, UnsafeByteOperations.unsafeWrap(payload));
    }

    /** How many bytes it has between members. */
    int encodedBytes() {
        return PREFIX + payload.size();
    }

    /** Of a large payload no more memory is taken than has come: a claim alone costs nothing. */
    private static byte[] payload(DataInputStream in, int length) throws IOException {
        if (length <= READ_AT_ONCE_BYTES) {
            byte[] payload = new byte[length];
            in.readFully(payload);
            return payload;
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException();
        }
        return payload;
    }
}
