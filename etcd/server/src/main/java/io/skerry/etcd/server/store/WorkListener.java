package io.skerry.etcd.server.store;

/** Hears how long the store's larger work took; on the thread that did it. */
@FunctionalInterface
public interface WorkListener {
    /** What is done now and then. */
    enum Work {
        /** What was applied is written to the file. */
        COMMIT,
        /** Space is given back to the disk. */
        DEFRAGMENTATION,
        /** Everything is written to another place. */
        SNAPSHOT,
        /** The newest content is hashed. */
        HASH,
        /** The content at some revision is hashed. */
        HASH_AT_REVISION
    }

    /** Some work is done. */
    void did(Work work, long nanos);
}
