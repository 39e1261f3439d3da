package io.skerry.etcd.server.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** How far the local machine has come, and who waits for it to come further. Thread-safe. */
final class AppliedIndex {
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private long index;
    private boolean closed;

    AppliedIndex(long index) {
        this.index = index;
    }

    synchronized long get() {
        return index;
    }

    /** Completes waiters on the calling thread. */
    void advance(long reached) {
        List<Waiter> due = new ArrayList<>();
        synchronized (this) {
            index = Math.max(index, reached);
            for (Waiter w = waiters.peek(); w != null && w.index <= index; w = waiters.peek()) {
                due.add(waiters.remove());
            }
        }
        due.forEach(waiter -> waiter.done.complete(waiter.index));
    }

    /** Completes when the index is reached; fails if this member stops before. */
    CompletableFuture<Long> await(long wanted) {
        synchronized (this) {
            if (index >= wanted) {
                return CompletableFuture.completedFuture(wanted);
            }
            if (closed) {
                return CompletableFuture.failedFuture(Failures.stopped());
            }
            var waiter = new Waiter(wanted, new CompletableFuture<>());
            waiters.add(waiter);
            return waiter.done;
        }
    }

    /** Nobody goes on waiting: this member stops. Fails waiters on the calling thread. */
    void close() {
        List<Waiter> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiters);
            waiters.clear();
        }
        left.forEach(waiter -> waiter.done.completeExceptionally(Failures.stopped()));
    }

    private record Waiter(long index, CompletableFuture<Long> done) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return Long.compare(index, other.index);
        }
    }
}
