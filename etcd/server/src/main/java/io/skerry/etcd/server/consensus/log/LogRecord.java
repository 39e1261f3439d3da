package io.skerry.etcd.server.consensus.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Layout of one record in a segment file, big-endian, its start aligned to 8 bytes:
 *
 * <pre>
 *  0 magic      u32
 *  4 checksum   u32  CRC32C of bytes 8 to the end of the body
 *  8 bodyLength u32
 * 12 kind       u32  {@link #DATA} or {@link #OTHER}
 * 16 index      i64
 * 24 term       i64
 * 32 batchStart u32  where in this file the batch begins that was made durable with this record
 * 36 reserved   u32
 * 40 body
 * </pre>
 *
 * <p>{@code batchStart} tells a torn tail from damage: a batch is written only after all before it
 * is durable, so a sound record whose batch begins behind an unsound one proves that the unsound
 * one had been durable.
 */
final class LogRecord {
    static final int HEADER = 40;
    static final int ALIGNMENT = 8;

    /** A batch of commands; the body is the entry's data. */
    static final int DATA = 1;

    /** Any other entry (membership, no-op); the body is the library's own encoding. */
    static final int OTHER = 2;

    private static final int MAGIC = 0x534b_4c52;
    private static final int CHECKSUM_FROM = 8;

    private LogRecord() {}

    /** Length of a record with its padding. */
    static int paddedLength(int bodyLength) {
        return (HEADER + bodyLength + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Header for a body; the body's position and limit stay as they are. */
    static ByteBuffer header(int kind, long index, long term, int batchStart, ByteBuffer body) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putInt(MAGIC).putInt(0).putInt(body.remaining()).putInt(kind);
        header.putLong(index).putLong(term).putInt(batchStart).putInt(0).flip();
        header.putInt(4, checksum(header, body));
        return header;
    }

    private static int checksum(ByteBuffer header, ByteBuffer body) {
        var crc = new CRC32C();
        crc.update(header.duplicate().position(CHECKSUM_FROM).limit(HEADER));
        crc.update(body.duplicate());
        return (int) crc.getValue();
    }

    /**
     * The record at a position of a buffer that holds (part of) a file.
     *
     * @return null if there is no sound record
     */
    static @Nullable View read(ByteBuffer file, int position) {
        if (file.limit() - position < HEADER || file.getInt(position) != MAGIC) {
            return null;
        }
        int bodyLength = file.getInt(position + 8);
        if (bodyLength < 0 || bodyLength > file.limit() - position - HEADER) {
            return null;
        }
        ByteBuffer header = file.slice(position, HEADER);
        ByteBuffer body = file.slice(position + HEADER, bodyLength);
        if (header.getInt(4) != checksum(header, body)) {
            return null;
        }
        return new View(
                header.getInt(12), header.getLong(16), header.getLong(24), header.getInt(32), body);
    }

    /** A sound record. */
    record View(int kind, long index, long term, int batchStart, ByteBuffer body) {
        int paddedLength() {
            return LogRecord.paddedLength(body.remaining());
        }
    }
}
