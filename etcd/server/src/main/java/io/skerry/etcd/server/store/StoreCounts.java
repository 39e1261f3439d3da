package io.skerry.etcd.server.store;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the store has done since it was opened, and does now. Thread-safe. */
public final class StoreCounts {
    private final LongAdder ranges = new LongAdder();
    private final LongAdder txns = new LongAdder();
    private final AtomicInteger defragmenting = new AtomicInteger();
    private final AtomicInteger replacing = new AtomicInteger();

    StoreCounts() {}

    /** A range is read. */
    public void range() {
        ranges.increment();
    }

    /** A transaction is carried out. */
    public void txn() {
        txns.increment();
    }

    /** Ranges read by themselves. */
    public long ranges() {
        return ranges.sum();
    }

    /** Transactions of clients. */
    public long txns() {
        return txns.sum();
    }

    /** How many defragmentations go on. */
    public int defragmenting() {
        return defragmenting.get();
    }

    /** Whether the whole state is being replaced by another member's: 1 or 0. */
    public int replacing() {
        return replacing.get();
    }

    /** Something that is counted while it goes on. */
    interface Action<E extends Exception> {
        void run() throws E;
    }

    <E extends Exception> void whileDefragmenting(Action<E> action) throws E {
        whileCounted(defragmenting, action);
    }

    <E extends Exception> void whileReplacing(Action<E> action) throws E {
        whileCounted(replacing, action);
    }

    private static <E extends Exception> void whileCounted(AtomicInteger count, Action<E> action)
            throws E {
        count.incrementAndGet();
        try {
            action.run();
        } finally {
            count.decrementAndGet();
        }
    }
}
