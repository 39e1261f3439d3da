package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.error.RaftError;
import io.skerry.base.grpc.GrpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads: all who wait share one round of asking the members whether the leader still
 * leads. A read that comes while a round is under way waits for the next, since that round's index
 * may be older than a write which the reader has already seen. Thread-safe.
 */
final class ReadRounds {
    private static final long RETRY_MILLIS = 20;
    private static final byte[] NO_CONTEXT = new byte[8];

    private final Node node;
    private final long roundMillis;
    private final ScheduledExecutorService timer;
    private final Supplier<GrpcException> lateness;

    /** Guarded by this. */
    private List<Waiter> waiting = new ArrayList<>();

    private boolean running;
    private final LongAdder failed = new LongAdder();
    private final LongAdder slow = new LongAdder();
    private boolean closed;

    /**
     * @param roundMillis patience with one round
     * @param lateness why a read that waited too long was not served
     */
    ReadRounds(
            Node node,
            long roundMillis,
            ScheduledExecutorService timer,
            Supplier<GrpcException> lateness) {
        this.node = node;
        this.roundMillis = roundMillis;
        this.timer = timer;
        this.lateness = lateness;
    }

    /** Reads that were not confirmed in time. */
    long failed() {
        return failed.sum();
    }

    /** Rounds that had to be tried again. */
    long slow() {
        return slow.sum();
    }

    CompletableFuture<Long> join(long deadlineNanos) {
        var waiter = new Waiter(deadlineNanos, new CompletableFuture<>());
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(Failures.stopped());
            }
            waiting.add(waiter);
            if (running) {
                return waiter.index;
            }
            running = true;
        }
        round();
        return waiter.index;
    }

    private void round() {
        AtomicReference<@Nullable List<Waiter>> readers;
        synchronized (this) {
            if (waiting.isEmpty()) {
                running = false;
                return;
            }
            readers = new AtomicReference<>(waiting);
            waiting = new ArrayList<>();
        }
        try {
            node.readIndex(
                    NO_CONTEXT,
                    new ReadIndexClosure(roundMillis) {
                        @Override
                        public void run(Status status, long index, byte[] context) {
                            ended(readers, status, index);
                        }
                    });
        } catch (RuntimeException e) {
            // The library throws when it is being stopped.
            ended(readers, new Status(RaftError.ESHUTDOWN, "the library is stopped"), 0);
        }
    }

    /**
     * Only the first end counts: the library tells a failure without noting that the round is over,
     * and tells its lateness, too, when its patience ends. Were the readers then to wait a second
     * time, their number would grow with each round without a leader until no memory is left.
     */
    private void ended(AtomicReference<@Nullable List<Waiter>> readers, Status status, long index) {
        List<Waiter> served = readers.getAndSet(null);
        if (served == null) {
            return;
        }
        if (!status.isOk()) {
            slow.increment();
            again(served);
            return;
        }
        // The next round sets out before this one's readers are served.
        round();
        served.forEach(waiter -> waiter.index.complete(index));
    }

    private void again(List<Waiter> served) {
        long now = System.nanoTime();
        List<Waiter> late = new ArrayList<>();
        boolean stop;
        synchronized (this) {
            stop = closed;
            for (Waiter waiter : served) {
                if (stop || waiter.deadlineNanos - now <= 0) {
                    late.add(waiter);
                } else {
                    waiting.add(waiter);
                }
            }
            if (stop) {
                running = false;
            } else {
                // Under the lock: the timer ends only when this is closed.
                var _ = timer.schedule(this::round, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        failed.add(late.size());
        GrpcException reason = stop ? Failures.stopped() : lateness.get();
        late.forEach(waiter -> waiter.index.completeExceptionally(reason));
    }

    void close() {
        List<Waiter> left;
        synchronized (this) {
            closed = true;
            left = waiting;
            waiting = new ArrayList<>();
        }
        left.forEach(waiter -> waiter.index.completeExceptionally(Failures.stopped()));
    }

    private record Waiter(long deadlineNanos, CompletableFuture<Long> index) {}
}
