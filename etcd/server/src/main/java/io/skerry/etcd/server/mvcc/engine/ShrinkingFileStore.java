package io.skerry.etcd.server.mvcc.engine;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SFChunk;

/**
 * MVStore's file that gives space back while the maps are written.
 *
 * <p>MVStore's own {@code compactMoveChunks} commits whenever it likes, so that writers must be
 * kept out through a dozen syncs. Here a chunk is copied and has two places until a commit that
 * knows the new one is on the device:
 *
 * <ol>
 *   <li>The chunk is copied, its last block after all others are on the device: a copy is whole or
 *       is none.
 *   <li>The layout, which goes into the next commit, tells the new place.
 *   <li>Once that commit and the header that points to it are on the device, nothing that a power
 *       cut can leave refers to the old place. Its last block is cleared, so that what is written
 *       there later, torn by a power cut, cannot leave both ends of the old chunk and not its
 *       middle. It is the last and not the first, since a second move may bring the chunk back to
 *       this very place: its first block is then written before the others are on the device, and
 *       would find its end there already. MVStore takes a torn copy at the end of the file for the
 *       chunk that it misses elsewhere.
 *   <li>After that it may be used again.
 * </ol>
 *
 * <p>A reader takes the place of a chunk, reads, and reads again if the chunk was moved meanwhile;
 * both places hold the same until the chunk has the new one.
 */
class ShrinkingFileStore extends OrderedFileStore {
    /** The file's header lies before it. */
    private static final int FIRST_BLOCK = 2;

    /** Chunks that have two places, by id. Changed under MVStore's lock for commits. */
    private final Map<Integer, Move> moves = new ConcurrentHashMap<>();

    /** The newest version when they were copied; changed under the same lock. */
    private long versionBeforeMoves;

    /** Where a chunk was and where its copy is, in blocks. */
    private record Move(SFChunk chunk, long from, long to) {
        /** Taken for the chunk's while it has both, since MVStore checks how far chunks reach. */
        long last() {
            return Math.max(from, to);
        }

        long first() {
            return Math.min(from, to);
        }
    }

    ShrinkingFileStore(Map<String, Object> configuration) {
        super(configuration);
    }

    /**
     * Moves chunks from the end of the file forward and cuts it off. Neither the maps nor what is
     * in them is touched.
     *
     * @param belowFillPercent does nothing if more of the file is in use
     * @param bytes how much to move at most; a larger chunk stays
     * @param commit commits in the usual way; what was moved takes effect with it
     */
    void shrink(int belowFillPercent, int bytes, MVStore store, Runnable commit) {
        store.executeFilestoreOperation(() -> {
            dropUnusedChunks();
            // Some are left over if nothing was committed the last time.
            if (moves.isEmpty() && hasPersistentData() && getFillRate() <= belowFillPercent) {
                begin(bytes / BLOCK_BYTES);
            }
        });
        if (!moves.isEmpty()) {
            commit.run();
            store.executeFilestoreOperation(this::finish);
        }
    }

    private void begin(int blocks) {
        versionBeforeMoves = lastChunk.version;
        List<SFChunk> chunks =
                getChunks().values().stream()
                        .filter(chunk -> chunk.block != 0)
                        .sorted(Comparator.comparingLong(chunk -> chunk.block))
                        .toList();
        Map<SFChunk, Long> places = gapsBefore(chunks.reversed(), blocks);
        copy(places.isEmpty() ? placesOutOfTheWay(chunks, blocks) : places);
    }

    /** For the last chunks first. */
    private Map<SFChunk, Long> gapsBefore(List<SFChunk> chunks, int blocks) {
        var places = new LinkedHashMap<SFChunk, Long>();
        int left = blocks;
        for (SFChunk chunk : chunks) {
            if (!isNewest(chunk) && chunk.len <= left) {
                long gap = allocate(chunk);
                if (gap < chunk.block) {
                    places.put(chunk, gap);
                    left -= chunk.len;
                } else {
                    release(gap, chunk);
                }
            }
        }
        return places;
    }

    /**
     * For what lies behind the first gap, where no gap takes any chunk: it becomes a larger one,
     * which takes those again that lie at the end then.
     */
    private Map<SFChunk, Long> placesOutOfTheWay(List<SFChunk> chunks, int blocks) {
        var places = new LinkedHashMap<SFChunk, Long>();
        int left = blocks;
        long end = FIRST_BLOCK;
        boolean behindGap = false;
        for (SFChunk chunk : chunks) {
            behindGap |= chunk.block > end;
            end = chunk.block + chunk.len;
            if (isNewest(chunk)) {
                behindGap = false;
            } else if (behindGap) {
                if (chunk.len > left) {
                    break;
                }
                places.put(chunk, allocate(chunk));
                left -= chunk.len;
            }
        }
        return places;
    }

    /** The file's header points to it; it is another one after the next commit. */
    private boolean isNewest(SFChunk chunk) {
        return chunk.id == lastChunk.id;
    }

    /** The first gap that is large enough, or the end of the file; it is in use from now on. */
    private long allocate(SFChunk chunk) {
        saveChunkLock.lock();
        try {
            return freeSpace.allocate(chunk.len * BLOCK_BYTES) / BLOCK_BYTES;
        } finally {
            saveChunkLock.unlock();
        }
    }

    private void release(long block, SFChunk chunk) {
        saveChunkLock.lock();
        try {
            free(block * BLOCK_BYTES, chunk.len * BLOCK_BYTES);
        } finally {
            saveChunkLock.unlock();
        }
    }

    private void copy(Map<SFChunk, Long> places) {
        if (places.isEmpty()) {
            return;
        }
        int unsynced = 0;
        for (var place : places.entrySet()) {
            SFChunk chunk = place.getKey();
            int body = bytesBeforeLastBlock(chunk);
            // In slices, for the sake of the log's own sync, which would wait for all of it.
            for (int done = 0; done < body; done += SLICE_BYTES) {
                int slice = Math.min(SLICE_BYTES, body - done);
                copy(chunk, place.getValue(), done, slice);
                unsynced += slice;
                if (unsynced >= SLICE_BYTES) {
                    sync();
                    unsynced = 0;
                }
            }
        }
        sync();
        places.forEach(this::completeCopy);
    }

    private void completeCopy(SFChunk chunk, long block) {
        copy(chunk, block, bytesBeforeLastBlock(chunk), BLOCK_BYTES);
        var move = new Move(chunk, chunk.block, block);
        moves.put(chunk.id, move);
        saveChunkMetadataChanges(chunk);
        chunk.block = move.last();
    }

    private void copy(SFChunk chunk, long block, int offset, int bytes) {
        var source = readFully(chunk, chunk.block * BLOCK_BYTES + offset, bytes);
        write(chunk, block * BLOCK_BYTES + offset, source);
    }

    private static int bytesBeforeLastBlock(SFChunk chunk) {
        return (chunk.len - 1) * BLOCK_BYTES;
    }

    /** Whatever else changes about a chunk that has two places, the next commit tells the new. */
    @Override
    public void saveChunkMetadataChanges(SFChunk chunk) {
        var move = moves.get(chunk.id);
        if (move == null) {
            super.saveChunkMetadataChanges(chunk);
            return;
        }
        long place = chunk.block;
        chunk.block = move.to;
        try {
            super.saveChunkMetadataChanges(chunk);
        } finally {
            chunk.block = place;
        }
    }

    /** MVStore frees the one place that it knows. */
    @Override
    protected void freeChunkSpace(Iterable<SFChunk> chunks) {
        for (SFChunk chunk : chunks) {
            var move = moves.remove(chunk.id);
            if (move != null) {
                release(move.first(), chunk);
            }
        }
        super.freeChunkSpace(chunks);
    }

    private void finish() {
        if (lastChunk.version <= versionBeforeMoves) {
            return;
        }
        // The header that points to the commit was written last.
        sync();
        saveChunkLock.lock();
        try {
            moves.values().forEach(this::giveUpOldPlace);
            moves.clear();
            shrinkStoreIfPossible(0);
        } finally {
            saveChunkLock.unlock();
        }
        // Before the old places are used again.
        sync();
    }

    private void giveUpOldPlace(Move move) {
        SFChunk chunk = move.chunk;
        chunk.block = move.to;
        // It predicted where the chunk after it would lie.
        chunk.next = 0;
        long last = move.from * BLOCK_BYTES + bytesBeforeLastBlock(chunk);
        write(chunk, last, ByteBuffer.allocate(BLOCK_BYTES));
        free(move.from * BLOCK_BYTES, chunk.len * BLOCK_BYTES);
    }
}
