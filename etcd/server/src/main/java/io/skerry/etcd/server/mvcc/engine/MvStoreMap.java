package io.skerry.etcd.server.mvcc.engine;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** A map of an MVStore, and frozen copies of it. */
final class MvStoreMap implements OrderedMap {
    private static final int MOST_PAUSES = 20;
    private static final long PAUSE_NANOS = 50_000;

    private final MVMap<byte[], byte[]> map;
    private final boolean appended;

    /** Where {@link #rewrite} goes on, null for the beginning. */
    private byte @Nullable [] rewrittenTo;

    /**
     * @param appended whether the map was opened to gather what is appended to it
     */
    MvStoreMap(MVMap<byte[], byte[]> map, boolean appended) {
        this.map = map;
        this.appended = appended;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        try {
            return map.get(map.getRootPage(), key);
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public byte @Nullable [] put(byte[] key, byte[] value) {
        try {
            return map.put(key, value);
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public void update(byte[] key, Update update) {
        try {
            var _ = map.operate(key, null, new Deciding(update));
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    /** Hands the value that is there to an update. */
    private static final class Deciding extends MVMap.DecisionMaker<Object> {
        private final Update update;

        Deciding(Update update) {
            this.update = update;
        }

        @Override
        public MVMap.Decision decide(Object existing, Object provided) {
            return MVMap.Decision.PUT;
        }

        // The map holds nothing but byte arrays.
        @Override
        @SuppressWarnings("unchecked")
        public <T> T selectValue(T existing, T provided) {
            return (T) update.apply((byte[]) existing);
        }
    }

    /**
     * Writes anew a little of what lies in these chunks.
     *
     * @return whether there was something
     */
    boolean rewrite(Set<Integer> chunks, int bytes, ReentrantLock writing) {
        try {
            var leaves = new LeavesInChunks(chunks, bytes, rewrittenTo);
            List<byte[]> keys = leaves.under(map.getRootPage());
            int next = 0;
            while (next < keys.size()) {
                writing.lock();
                try {
                    do {
                        var _ = map.operate(keys.get(next++), null, new Rewriting());
                    } while (next < keys.size() && !writing.hasQueuedThreads());
                } finally {
                    writing.unlock();
                }
                letOthersWrite(writing);
            }
            boolean fromStart = rewrittenTo == null;
            rewrittenTo = leaves.full() ? keys.getLast() : null;
            return !keys.isEmpty() || !fromStart;
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    /** Who waits for the lock needs a moment to wake, in which it must not be taken again. */
    private static void letOthersWrite(ReentrantLock writing) {
        for (int i = 0; i < MOST_PAUSES && writing.hasQueuedThreads(); i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Puts the value that is there, if there is one. */
    private static final class Rewriting extends MVMap.DecisionMaker<Object> {
        @Override
        public MVMap.Decision decide(Object existing, Object provided) {
            return isThere(existing) ? MVMap.Decision.PUT : MVMap.Decision.ABORT;
        }

        private static boolean isThere(@Nullable Object existing) {
            return existing != null;
        }

        @Override
        public <T> T selectValue(T existing, T provided) {
            return existing;
        }
    }

    @Override
    public void append(byte[] key, byte[] value) {
        try {
            if (appended) {
                map.append(key, value);
            } else {
                map.put(key, value);
            }
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public byte @Nullable [] remove(byte[] key) {
        try {
            return map.operate(key, null, MVMap.DecisionMaker.REMOVE);
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    @Override
    public void clear() {
        try {
            map.clear();
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    // MVMap compares keys by their type, not by equals.
    @SuppressWarnings("UndefinedEquals")
    @Override
    public OrderedSnapshot snapshot() {
        try {
            // What was appended lies in a buffer beside the tree, which a copy of the root lacks.
            var _ = map.flushAndGetRoot();
            return new Snapshot(new Frozen(map));
        } catch (MVStoreException e) {
            throw EngineFailedException.of(e);
        }
    }

    /**
     * A copy that shares the root of the tree. MVMap never changes a page that a root refers to:
     * each write copies the path to its leaf and swaps the root, and nobody swaps this copy's.
     */
    private static final class Frozen extends MVMap<byte[], byte[]> {
        Frozen(MVMap<byte[], byte[]> source) {
            super(source);
        }
    }

    private record Snapshot(Frozen map) implements OrderedSnapshot {
        @Override
        public byte @Nullable [] get(byte[] key) {
            try {
                return map.get(map.getRootPage(), key);
            } catch (MVStoreException e) {
                throw EngineFailedException.of(e);
            }
        }

        @Override
        public byte @Nullable [] ceilingKey(byte[] key) {
            try {
                return map.ceilingKey(key);
            } catch (MVStoreException e) {
                throw EngineFailedException.of(e);
            }
        }

        @Override
        public long rank(byte[] key) {
            try {
                long index = map.getKeyIndex(key);
                return index < 0 ? -index - 1 : index;
            } catch (MVStoreException e) {
                throw EngineFailedException.of(e);
            }
        }

        @Override
        public long size() {
            return map.sizeAsLong();
        }

        @Override
        public Scan ascending(byte[] from, byte @Nullable [] to) {
            try {
                return new CursorScan(map.cursor(from), from, to, false);
            } catch (MVStoreException e) {
                throw EngineFailedException.of(e);
            }
        }

        @Override
        public Scan descending(byte[] from, byte @Nullable [] to) {
            try {
                return new CursorScan(map.cursor(to, null, true), from, to, true);
            } catch (MVStoreException e) {
                throw EngineFailedException.of(e);
            }
        }
    }

    /** Keeps a cursor, whose own end is inclusive, inside the half-open interval. */
    private static final class CursorScan implements OrderedSnapshot.Scan {
        private final Cursor<byte[], byte[]> cursor;
        private final byte[] from;
        private final byte @Nullable [] to;
        private final boolean reverse;
        private byte @Nullable [] key;

        CursorScan(
                Cursor<byte[], byte[]> cursor, byte[] from, byte @Nullable [] to, boolean reverse) {
            this.cursor = cursor;
            this.from = from;
            this.to = to;
            this.reverse = reverse;
        }

        @Override
        public boolean next() {
            try {
                key = null;
                while (cursor.hasNext()) {
                    byte[] candidate = cursor.next();
                    if (reverse) {
                        if (to != null && Arrays.compareUnsigned(candidate, to) >= 0) {
                            continue;
                        }
                        if (Arrays.compareUnsigned(candidate, from) < 0) {
                            return false;
                        }
                    } else if (to != null && Arrays.compareUnsigned(candidate, to) >= 0) {
                        return false;
                    }
                    key = candidate;
                    return true;
                }
                return false;
            } catch (MVStoreException e) {
                throw EngineFailedException.of(e);
            }
        }

        @Override
        public byte[] key() {
            if (key == null) {
                throw new NoSuchElementException("the scan stands on no entry");
            }
            return key;
        }

        @Override
        public byte[] value() {
            return cursor.getValue();
        }
    }
}
