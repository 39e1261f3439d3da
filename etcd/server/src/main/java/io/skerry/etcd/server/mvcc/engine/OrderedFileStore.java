package io.skerry.etcd.server.mvcc.engine;

import java.nio.ByteBuffer;
import java.util.Map;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

/**
 * MVStore's file with one promise more: a chunk whose footer is on the device is whole.
 *
 * <p>MVStore accepts a chunk at start when its header and footer agree; it does not checksum what
 * lies between. After a power cut a device may have both ends of a chunk and not its middle. So the
 * block with the footer is written only after everything before it has reached the device. A cut at
 * any moment then leaves the chunk recognizably unfinished, and the state before it is used, whose
 * chunks are not overwritten for some versions yet. As each chunk waits for all that was written
 * before it, at most the newest chunk can be unfinished.
 */
class OrderedFileStore extends SingleFileStore {
    /** MVStore's unit of allocation; the footer is the end of a chunk's last block. */
    private static final int BLOCK_BYTES = 4096;

    OrderedFileStore(Map<String, Object> configuration) {
        super(configuration);
    }

    @Override
    protected void writeFully(SFChunk chunk, long position, ByteBuffer source) {
        int bytes = source.remaining();
        // MVStore passes no chunk when it writes the header of the file.
        if (isHeaderOfFile(chunk)) {
            write(chunk, position, source);
            return;
        }
        int body = bytes - BLOCK_BYTES;
        int start = source.position();
        if (body > 0) {
            write(chunk, position, source.slice(start, body));
        }
        sync();
        write(chunk, position + body, source.slice(start + body, BLOCK_BYTES));
        source.position(start + bytes);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isHeaderOfFile(SFChunk chunk) {
        return (Object) chunk == null;
    }

    /** Writes these bytes; a test that cuts the power listens here. */
    void write(SFChunk chunk, long position, ByteBuffer source) {
        super.writeFully(chunk, position, source);
    }
}
