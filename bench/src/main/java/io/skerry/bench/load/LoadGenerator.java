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

/**
 * A closed loop: every call that ends lets the next one go, until time or number is up; then those
 * under way are waited for. Latency counts from the moment a request is put into the connection's
 * buffer, so it includes the load's own waiting, alike for every server.
 */
public final class LoadGenerator {
    private static final long MAX_LATENCY_MICROS = 60_000_000;
    private static final int PRECISION_DIGITS = 3;

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
            return together(plan, workers);
        } finally {
            for (Worker worker : workers) {
                worker.connection.close();
            }
        }
    }

    private static LoadResult together(LoadPlan plan, List<Worker> workers)
            throws IOException, InterruptedException {
        var number = new AtomicInteger();
        long start = System.nanoTime();
        try (var threads =
                Executors.newThreadPerTaskExecutor(
                        task -> new Thread(task, "load-" + number.incrementAndGet()))) {
            List<Future<Histogram>> running = new ArrayList<>();
            for (Worker worker : workers) {
                running.add(threads.submit(() -> worker.run(start + plan.timeLimit().toNanos())));
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
        private int freeCount;
        private long failed;

        Worker(LoadPlan plan, int number, int inFlight, AtomicLong sent) throws IOException {
            this.plan = plan;
            this.sent = sent;
            this.startOf = new long[inFlight];
            this.free = new int[inFlight];
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

        Histogram run(long deadline) throws IOException {
            boolean windowClosed = refill(deadline);
            while (connection.underWay() > 0 || windowClosed) {
                connection.turn(this);
                windowClosed = refill(deadline);
            }
            return latencies;
        }

        /**
         * Sends on every free slot, as far as time, number and the server's window allow.
         *
         * @return true when it is the window that does not allow more
         */
        private boolean refill(long deadline) throws IOException {
            long now = System.nanoTime();
            while (freeCount > 0 && now < deadline) {
                byte[] request = request(sent.get());
                if (!connection.canSend(request)) {
                    return true;
                }
                long number = sent.getAndIncrement();
                if (number >= plan.requestLimit()) {
                    return false;
                }
                int slot = free[--freeCount];
                startOf[slot] = now;
                connection.send(slot, request(number));
            }
            return false;
        }

        private byte[] request(long number) {
            return plan.requests().get((int) (number % plan.requests().size()));
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
