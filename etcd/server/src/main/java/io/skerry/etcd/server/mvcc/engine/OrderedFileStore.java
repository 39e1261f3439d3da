package io.skerry.etcd.server.mvcc.engine;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.h2.mvstore.WriteBuffer;

/**
 * MVStore's file with its writes in an order that a power cut cannot break.
 *
 * <p>MVStore takes a chunk for whole when its header and footer agree; it does not checksum what
 * lies between, and it looks for the newest chunk from the file's header, which it rewrites now and
 * then, and at the end of the file. After a cut a device may have both ends of a chunk and not its
 * middle, or torn bytes at the end of the file. Hence three steps, each on the device before the
 * next:
 *
 * <ol>
 *   <li>the chunk without the block that holds its footer (and whatever was written before it),
 *   <li>the block with the footer: now it is whole,
 *   <li>the file's header, which points to it, for each chunk.
 * </ol>
 *
 * <p>A cut at any moment leaves a header that points to a whole chunk, at worst the one before the
 * newest, and chunks of some versions before are not overwritten yet.
 */
class OrderedFileStore extends SingleFileStore {
    /** MVStore's unit of allocation; the footer is the end of a chunk's last block. */
    static final int BLOCK_BYTES = 4096;

    static final int SLICE_BYTES = 1 << 20;

    private static final String CLEAN_SHUTDOWN_MARK = "clean";

    private final ChunkBuffers buffers = new ChunkBuffers();

    OrderedFileStore(Map<String, Object> configuration) {
        super(configuration);
    }

    @Override
    public WriteBuffer getWriteBuffer() {
        return buffers.take();
    }

    @Override
    public void releaseWriteBuffer(WriteBuffer buffer) {
        buffers.giveBack(buffer);
    }

    /** Gives memory back that large commits need. */
    void rest() {
        buffers.rest();
    }

    @Override
    protected void writeFully(SFChunk chunk, long position, ByteBuffer source) {
        int bytes = source.remaining();
        // MVStore passes no chunk when it writes the header of the file.
        if (isHeaderOfFile(chunk)) {
            sync();
            write(chunk, position, source);
            return;
        }
        buffers.chunk(bytes);
        // MVStore writes its header after a chunk that removes this mark, and only then for
        // certain.
        getStoreHeader().put(CLEAN_SHUTDOWN_MARK, 0);
        int body = bytes - BLOCK_BYTES;
        int start = source.position();
        // In slices: the log's own sync, which requests wait for, would wait for all of a large
        // write of the same file system (half a second was seen).
        int done = 0;
        do {
            int slice = Math.min(SLICE_BYTES, body - done);
            if (slice > 0) {
                write(chunk, position + done, source.slice(start + done, slice));
            }
            sync();
            done += slice;
        } while (done < body);
        write(chunk, position + body, source.slice(start + body, BLOCK_BYTES));
        source.position(start + bytes);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isHeaderOfFile(SFChunk chunk) {
        return (Object) chunk == null;
    }

    /**
     * Ids of the chunks whose content should lie elsewhere: those that hold something, but are
     * filled to less than so many percent, and the last one if the file is.
     */
    Set<Integer> chunksToEmpty(int percent) {
        var chunks = new HashSet<Integer>();
        Optional<SFChunk> last = Optional.empty();
        for (SFChunk chunk : getChunks().values()) {
            if (chunk.maxLenLive > 0) {
                if (chunk.maxLenLive * 100 < chunk.maxLen * percent) {
                    chunks.add(chunk.id);
                }
                if (last.isEmpty() || last.get().block < chunk.block) {
                    last = Optional.of(chunk);
                }
            }
        }
        if (getFillRate() < percent) {
            // A small one is moved as a whole.
            last.filter(chunk -> chunk.len > SLICE_BYTES / BLOCK_BYTES)
                    .ifPresent(chunk -> chunks.add(chunk.id));
        }
        return chunks;
    }

    /** Writes these bytes; a test that cuts the power listens here. */
    void write(SFChunk chunk, long position, ByteBuffer source) {
        super.writeFully(chunk, position, source);
    }
}
