package io.skerry.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Makes a load until time or number is up; then calls under way are waited for. In a closed loop
 * every call that ends lets the next one go, and latency counts from the moment a request is put
 * into the connection's buffer. At a given rate calls are due at fixed times, and latency counts
 * from when a call was due: a server that stalls is charged with all who would have come meanwhile.
 * Due calls are sent in bursts of a millisecond. The load's own waiting is alike for every server.
 */
public final class LoadGenerator {
    private static final long MAX_LATENCY_MICROS = 60_000_000;
    private static final int PRECISION_DIGITS = 3;
    private static final int SHORT_WAIT_MILLIS = 100;

    /** A server that does not keep up with a rate is not given more after this. */
    private static final long OVERTIME_NANOS = 10_000_000_000L;

    private LoadGenerator() {}

    /** Makes the load; returns when the last call has ended. */
    public static LoadResult run(LoadPlan plan) throws IOException, InterruptedException {
        var workers = new ArrayList<Worker>();
        try {
            var sent = new AtomicLong();
            for (int i = 0; i < plan.connections(); i++) {
                int share = plan.inFlight() / plan.connections();
                share += i < plan.inFlight() % plan.connections() ? 1 : 0;
                workers.add(new Worker(plan, i, share, sent));
            }
            return together(workers);
        } finally {
            for (Worker worker : workers) {
                worker.connection.close();
            }
        }
    }

    private static LoadResult together(List<Worker> workers)
            throws IOException, InterruptedException {
        var number = new AtomicInteger();
        long start = System.nanoTime();
        try (var threads =
                Executors.newThreadPerTaskExecutor(
                        task -> new Thread(task, "load-" + number.incrementAndGet()))) {
            List<Future<Histogram>> running = new ArrayList<>();
            for (Worker worker : workers) {
                running.add(threads.submit(worker::run));
            }
            var all = new Histogram(MAX_LATENCY_MICROS, PRECISION_DIGITS);
            long failed = 0;
            for (int i = 0; i < workers.size(); i++) {
                all.add(running.get(i).get());
                failed += workers.get(i).failed;
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            return new LoadResult(all.getTotalCount(), failed, elapsed, all);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io
                    ? io
                    : new IOException("the load ended early: " + e.getCause(), e);
        }
    }

    /** One connection and its thread. */
    private static final class Worker implements LoadConnection.Answers {
        private final LoadPlan plan;
        private final AtomicLong sent;
        private final LoadConnection connection;
        private final long[] startOf;
        private final int[] free;
        private final Histogram latencies = new Histogram(MAX_LATENCY_MICROS, PRECISION_DIGITS);
        private final long nanosBetween;
        private int freeCount;
        private long nextDue;

        /** Made, but the server's window is too small for it. */
        private byte @Nullable [] waiting;

        private long failed;

        Worker(LoadPlan plan, int number, int inFlight, AtomicLong sent) throws IOException {
            this.plan = plan;
            this.sent = sent;
            this.startOf = new long[inFlight];
            this.free = new int[inFlight];
            this.nanosBetween =
                    plan.perSecond() == 0
                            ? 0
                            : 1_000_000_000L * plan.connections() / plan.perSecond();
            var server = plan.servers().get(number % plan.servers().size());
            this.connection = LoadConnection.open(server, inFlight);
            connection.method(plan.method());
            if (connection.mostUnderWay() < inFlight) {
                int allowed = connection.mostUnderWay();
                connection.close();
                throw new CallException(
                        "the server at "
                                + server
                                + " allows "
                                + allowed
                                + " calls at once on a connection, "
                                + inFlight
                                + " are wanted; use fewer in flight");
            }
            for (int slot = 0; slot < inFlight; slot++) {
                free[freeCount++] = slot;
            }
        }

        Histogram run() throws IOException {
            // Its own beginning: on a busy machine the time could be over before it was there.
            long begun = System.nanoTime();
            long deadline = begun + plan.timeLimit().toNanos();
            nextDue = begun;
            boolean more = refill(begun, deadline);
            while (connection.underWay() > 0 || more) {
                if (nanosBetween > 0 && freeCount > 0 && more) {
                    long wait = (nextDue - System.nanoTime()) / 1_000_000 + 1;
                    connection.turn(this, Math.clamp(wait, 1, SHORT_WAIT_MILLIS));
                } else {
                    connection.turn(this);
                }
                more = refill(System.nanoTime(), deadline);
            }
            return latencies;
        }

        /**
         * Sends on every free slot, as far as time, number, rate and the server's window allow.
         *
         * @return true when more is to be sent although no call under way needs to end for that
         */
        private boolean refill(long now, long deadline) throws IOException {
            while (freeCount > 0) {
                long due = nanosBetween > 0 ? nextDue : now;
                if (due >= deadline || now >= deadline + OVERTIME_NANOS) {
                    return false;
                }
                if (due > now) {
                    return true;
                }
                if (waiting == null) {
                    long number = sent.getAndIncrement();
                    if (number >= plan.requestLimit()) {
                        return false;
                    }
                    waiting = plan.requests().request(number);
                }
                if (!connection.canSend(waiting)) {
                    return true;
                }
                int slot = free[--freeCount];
                startOf[slot] = due;
                connection.send(slot, waiting);
                waiting = null;
                nextDue += nanosBetween;
            }
            return false;
        }

        @Override
        public void ended(int slot, boolean good) {
            free[freeCount++] = slot;
            if (good) {
                long micros = (System.nanoTime() - startOf[slot]) / 1_000;
                latencies.recordValue(Math.min(micros, MAX_LATENCY_MICROS));
            } else {
                failed++;
            }
        }
    }
}
