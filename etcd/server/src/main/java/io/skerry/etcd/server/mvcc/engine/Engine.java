package io.skerry.etcd.server.mvcc.engine;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A file of named ordered maps that are committed together.
 *
 * <p>Changes to maps are visible to snapshots taken afterwards at once and durable only after
 * {@link #commit}. After a crash (process or power) the file opens at some committed state that is
 * not older than the last {@link #sync}.
 *
 * <p>Everything here, maps and snapshots included, throws {@link EngineFailedException} when the
 * file cannot be read or written; it is closed then.
 */
public interface Engine extends AutoCloseable {
    /** Opens or creates the map of this name. Call it before the first write. */
    OrderedMap map(String name);

    /**
     * Makes every change so far part of one atomic state of the file.
     *
     * @param contentFixed runs on the calling thread as soon as later writes no longer become part
     *     of this commit, which is long before the data is written; exactly once
     */
    void commit(Runnable contentFixed);

    /** Nothing is to be committed for now: gives memory back that large commits need. */
    void rest();

    /** Waits until the last commit is on the device. */
    void sync();

    /** Bytes of changes that no commit has written yet (an estimate of their size in memory). */
    long unsavedBytes();

    /** Size of the file in bytes. */
    long fileBytes();

    /**
     * Bytes of the file that held live data when it was last written (an estimate). Waits for
     * nothing.
     */
    long fileBytesInUse();

    /**
     * Rewrites a little of what lies scattered, so that freed space can be used again.
     *
     * @param bytes about how much to rewrite at most
     * @return whether anything was rewritten
     */
    boolean reclaim(int bytes);

    /**
     * As {@link #reclaim}, but also where little is to be gained: for who has asked to get space
     * back.
     */
    boolean gather(int bytes);

    /**
     * Writes anew a little of what lies in mostly free parts of the file, or at its end if most of
     * it is free, and is left there by {@link #reclaim} and {@link #gather}: what appended maps
     * hold, and what is too large to be moved by {@link #shrink}.
     *
     * @param bytes about how much to rewrite at most
     * @param writing held while a few pages are written, again and again; whoever writes holds it,
     *     too
     * @return whether anything was rewritten
     */
    boolean regroup(int bytes, ReentrantLock writing);

    /**
     * Moves data from the end of the file into gaps before it and cuts off what is free then. The
     * maps may be changed meanwhile; nobody else may commit.
     *
     * <p>Where no gap takes anything, data is moved out of the way, so that the next time one does.
     *
     * @param bytes how much to move at most; what was written in one commit is moved as one piece,
     *     and a piece that is larger stays
     * @param commit calls {@link #commit}, with which the move takes effect; only if there is one
     */
    void shrink(int bytes, Runnable commit);

    /**
     * Keeps the content that is current now readable until the pin is closed, even if it is deleted
     * and its space would be used again.
     */
    Pin pin();

    /** Closes it as soon as no pin is open any more. */
    void retire();

    /** Commits nothing; what was not committed is lost. */
    @Override
    void close();

    /** Keeps one state of the engine readable. */
    @FunctionalInterface
    interface Pin extends AutoCloseable {
        @Override
        void close();
    }
}
