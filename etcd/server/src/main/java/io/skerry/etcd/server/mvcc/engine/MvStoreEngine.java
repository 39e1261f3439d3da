package io.skerry.etcd.server.mvcc.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * {@link Engine} over H2's MVStore.
 *
 * <p>Automatic commits are off: MVStore would commit whenever it likes, in the middle of a batch.
 * Its background threads are off for the same reason. {@link #commit} runs on the caller's thread;
 * MVStore first takes the roots of all maps and then serializes pages, so the first page that is
 * about to be written is the sign that later writes go into the next version: writers may go on
 * from there while the chunk is built and written.
 *
 * <p>A thread that reads or writes here must never be interrupted: that would close the file.
 */
public final class MvStoreEngine implements Engine {
    /** Small pages: a random write rewrites one (see docs/decisions/004-storage-engine.md). */
    private static final int PAGE_BYTES = 4096;

    private static final int VERSIONS_TO_KEEP = 5;
    private static final int RECLAIM_BELOW_FILL_PERCENT = 70;
    private static final int GATHER_BELOW_FILL_PERCENT = 90;
    private static final int SHRINK_BELOW_FILL_PERCENT = 99;

    private final MVStore store;
    private final ReentrantLock commitLock = new ReentrantLock();
    private final ByteArrayType keyType = new ByteArrayType(this::pageIsWritten, true);
    private final ByteArrayType valueType = new ByteArrayType(this::pageIsWritten, false);
    private final AtomicInteger pins = new AtomicInteger();
    private volatile boolean retired;
    private volatile @Nullable ContentFixed contentFixed;

    /** As it was when the file was last changed: MVStore itself tells only between two writes. */
    private volatile long bytesInUse;

    /** Names of the maps that are appended to. */
    private final Set<String> appended;

    private final Map<String, MvStoreMap> maps = new ConcurrentHashMap<>();

    private MvStoreEngine(MVStore store, Set<String> appended) {
        this.store = store;
        this.appended = appended;
        store.setVersionsToKeep(VERSIONS_TO_KEEP);
        // Readers hold pins and power cuts are met by OrderedFileStore: space needs no grace time.
        store.setRetentionTime(0);
        measure();
    }

    /**
     * Opens or creates the file.
     *
     * @param cacheMegabytes how much of the file is kept in memory
     * @throws IOException if it cannot be opened: locked by another process, damaged, or not
     *     allowed
     */
    public static MvStoreEngine open(Path file, int cacheMegabytes) throws IOException {
        return open(file, cacheMegabytes, Set.of());
    }

    /**
     * As the other one.
     *
     * @param appended maps that only grow at their end, where what is appended is gathered; what
     *     lies in their pages is moved by {@link #regroup} alone
     */
    public static MvStoreEngine open(Path file, int cacheMegabytes, Set<String> appended)
            throws IOException {
        return open(file, cacheMegabytes, appended, ShrinkingFileStore::new);
    }

    static MvStoreEngine open(
            Path file,
            int cacheMegabytes,
            Set<String> appended,
            Function<Map<String, Object>, FileStore<?>> files)
            throws IOException {
        var directory = file.toAbsolutePath().resolveSibling(".");
        Files.createDirectories(directory);
        boolean isNew = Files.notExists(file);
        var configuration = new HashMap<String, Object>();
        configuration.put("cacheSize", cacheMegabytes);
        configuration.put("pageSplitSize", PAGE_BYTES);
        try {
            var fileStore = files.apply(configuration);
            fileStore.open(file.toString(), false, null);
            var store =
                    new MVStore.Builder()
                            .adoptFileStore(fileStore)
                            .autoCommitDisabled()
                            .autoCommitBufferSize(0)
                            .cacheSize(cacheMegabytes)
                            .pageSplitSize(PAGE_BYTES)
                            .open();
            if (isNew) {
                store.sync();
                syncDirectory(directory);
            }
            return new MvStoreEngine(store, Set.copyOf(appended));
        } catch (MVStoreException e) {
            throw new IOException(
                    "the store's file " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    @Override
    public OrderedMap map(String name) {
        return maps.computeIfAbsent(name, this::openMap);
    }

    private MvStoreMap openMap(String name) {
        try {
            var builder = new MVMap.Builder<byte[], byte[]>().keyType(keyType).valueType(valueType);
            boolean grows = appended.contains(name);
            // MVStore never moves the pages of such a map: each keeps its whole chunk (regroup).
            if (grows) {
                builder.singleWriter();
            }
            return new MvStoreMap(store.openMap(name, builder), grows);
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public void commit(Runnable onContentFixed) {
        commitLock.lock();
        try {
            var fixed = new ContentFixed(Thread.currentThread(), onContentFixed);
            contentFixed = fixed;
            try {
                store.commit();
            } catch (MVStoreException e) {
                throw EngineFailedException.of(e);
            } finally {
                contentFixed = null;
                fixed.fire();
            }
            measure();
        } finally {
            commitLock.unlock();
        }
    }

    private void measure() {
        var files = store.getFileStore();
        bytesInUse = files.size() * files.getFillRate() / 100 * files.getChunksFillRate() / 100;
    }

    private void pageIsWritten() {
        var fixed = contentFixed;
        if (fixed != null && fixed.thread == Thread.currentThread()) {
            fixed.fire();
        }
    }

    @Override
    public void rest() {
        if (store.getFileStore() instanceof OrderedFileStore files) {
            files.rest();
        }
    }

    @Override
    public void sync() {
        try {
            store.sync();
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public long unsavedBytes() {
        return store.getUnsavedMemory();
    }

    @Override
    public long fileBytes() {
        return store.getFileStore().size();
    }

    @Override
    public long fileBytesInUse() {
        return bytesInUse;
    }

    @Override
    public boolean reclaim(int bytes) {
        try {
            boolean worked = store.compact(RECLAIM_BELOW_FILL_PERCENT, bytes);
            measure();
            return worked;
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public boolean gather(int bytes) {
        try {
            boolean worked = store.compact(GATHER_BELOW_FILL_PERCENT, bytes);
            measure();
            return worked;
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public boolean regroup(int bytes, ReentrantLock writing) {
        if (!(store.getFileStore() instanceof OrderedFileStore files)) {
            return false;
        }
        Set<Integer> chunks = files.chunksToEmpty(RECLAIM_BELOW_FILL_PERCENT);
        if (chunks.isEmpty()) {
            return false;
        }
        boolean some = false;
        for (MvStoreMap map : maps.values()) {
            some |= map.rewrite(chunks, bytes, writing);
        }
        return some;
    }

    @Override
    public void shrink(int bytes, Runnable commit) {
        try {
            if (store.getFileStore() instanceof ShrinkingFileStore files) {
                files.shrink(SHRINK_BELOW_FILL_PERCENT, bytes, store, commit);
                measure();
            }
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public Pin pin() {
        pins.incrementAndGet();
        var usage = store.registerVersionUsage();
        return () -> {
            store.deregisterVersionUsage(usage);
            if (pins.decrementAndGet() == 0 && retired) {
                close();
            }
        };
    }

    @Override
    public void retire() {
        pins.incrementAndGet();
        retired = true;
        if (pins.decrementAndGet() == 0) {
            close();
        }
    }

    @Override
    public void close() {
        store.closeImmediately();
    }

    /** A callback that runs once. */
    private static final class ContentFixed {
        private final Thread thread;
        private @Nullable Runnable callback;

        ContentFixed(Thread thread, Runnable callback) {
            this.thread = thread;
            this.callback = callback;
        }

        void fire() {
            var once = callback;
            if (once != null) {
                callback = null;
                once.run();
            }
        }
    }
}
