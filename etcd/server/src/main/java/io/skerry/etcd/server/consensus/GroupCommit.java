package io.skerry.etcd.server.consensus;

import io.skerry.base.grpc.GrpcException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Gathers waiting commands into batches and keeps a few of them on their way.
 *
 * <p>A command that finds nothing on the way leaves at once by the thread that brings it. While a
 * batch is on its way, the others wait and leave together: a second batch leaves before the first
 * is done only when it is worth a log entry of its own, so that the disk is never idle under load
 * and never busy with crumbs. Thread-safe.
 */
final class GroupCommit {
    private static final int MAX_WAITING = 20_000;
    private static final long MAX_WAITING_BYTES = 256L << 20;
    private static final int MAX_BATCH = 4096;
    private static final int MAX_BATCH_BYTES = 1 << 20;

    /**
     * Far fewer than the library's ring of entries has places ({@link LibrarySettings}), which
     * {@link MachineDriver.Entry#run} counts on: a refused batch comes back on the one thread that
     * empties the ring, with the node's lock held ({@link LibraryThreads}), and the next batch is
     * put into the ring from there. Were it full, that thread would wait for itself.
     */
    private static final int MAX_IN_FLIGHT = 3;

    private static final int MIN_OVERLAPPING_BATCH = 16;

    /** So few results are delivered by the thread that applies; more would hold it up. */
    static final int INLINE_RESULTS = 4;

    private final Route route;
    private final Executor deliveries;
    private final News news;

    /** Guarded by this. */
    private final ArrayDeque<Proposal> waiting = new ArrayDeque<>();

    private final Set<Batch> inFlight = new LinkedHashSet<>();
    private long waitingBytes;
    private int lastBatch;
    private Leadership leadership = new Leadership.Nobody(0);
    private boolean held;
    private boolean closed;

    final LongAdder proposed = new LongAdder();
    final LongAdder failed = new LongAdder();

    /**
     * @param news is told when nothing is on its way while nothing new leaves
     */
    GroupCommit(Route route, Executor deliveries, News news) {
        this.route = route;
        this.deliveries = deliveries;
        this.news = news;
    }

    void offer(Proposal proposal) {
        synchronized (this) {
            if (closed) {
                fail(proposal, Failures.stopped());
                return;
            }
            if (waiting.size() >= MAX_WAITING
                    || waitingBytes + proposal.command().size() > MAX_WAITING_BYTES) {
                fail(proposal, Failures.tooManyRequests());
                return;
            }
            waiting.add(proposal);
            waitingBytes += proposal.command().size();
        }
        pump();
    }

    void leadership(Leadership now) {
        synchronized (this) {
            leadership = now;
        }
        pump();
    }

    /** Nothing new leaves until {@link #release}: leadership is about to be handed over. */
    synchronized void hold() {
        held = true;
    }

    void release() {
        synchronized (this) {
            held = false;
        }
        pump();
    }

    /** Whether nothing is on its way. */
    synchronized boolean idle() {
        return inFlight.isEmpty();
    }

    synchronized int pending() {
        int flying = 0;
        for (Batch batch : inFlight) {
            flying += batch.proposals.size();
        }
        return waiting.size() + flying;
    }

    /** Sends off what may leave now. */
    void pump() {
        while (true) {
            Batch batch;
            synchronized (this) {
                if (leadership instanceof Leadership.Nobody) {
                    refuseForwarded();
                    return;
                }
                if (leadership instanceof Leadership.Other) {
                    refuseForwarded();
                }
                if (waiting.isEmpty() || held || !mayLeave()) {
                    return;
                }
                batch = take();
            }
            route.send(batch, batch.leadership);
        }
    }

    private boolean mayLeave() {
        return inFlight.isEmpty()
                || (inFlight.size() < MAX_IN_FLIGHT
                        && waiting.size() >= Math.max(MIN_OVERLAPPING_BATCH, lastBatch / 2));
    }

    /** A follower has sent these to a leader that is none any more. */
    private void refuseForwarded() {
        waiting.removeIf(proposal -> {
            if (proposal.forwarded()) {
                waitingBytes -= proposal.command().size();
                fail(proposal, Failures.notProposed());
            }
            return proposal.forwarded();
        });
    }

    private Batch take() {
        var proposals = new ArrayList<Proposal>();
        long bytes = 0;
        for (Proposal next = waiting.peek();
                next != null
                        && proposals.size() < MAX_BATCH
                        && (proposals.isEmpty()
                                || bytes + next.command().size() <= MAX_BATCH_BYTES);
                next = waiting.peek()) {
            proposals.add(waiting.remove());
            bytes += next.command().size();
        }
        waitingBytes -= bytes;
        lastBatch = proposals.size();
        proposed.add(proposals.size());
        var batch = new Batch(proposals, leadership);
        inFlight.add(batch);
        return batch;
    }

    /** The batch is applied; results are in the order of its proposals. */
    void applied(Batch batch, long index, List<CommandResult> results) {
        finished(batch);
        Runnable delivery =
                () -> {
                    for (int i = 0; i < results.size(); i++) {
                        batch.proposals
                                .get(i)
                                .outcome()
                                .complete(new Proposal.Applied(index, results.get(i)));
                    }
                };
        if (results.size() <= INLINE_RESULTS) {
            delivery.run();
        } else {
            deliver(delivery);
        }
    }

    /** Nothing is known of the batch's fate but that it has left. */
    void lost(Batch batch, GrpcException failure) {
        batch.proposals.forEach(proposal -> fail(proposal, failure));
        finished(batch);
    }

    /** These have certainly not entered the log: they wait again, before all others. */
    void returned(List<Proposal> proposals) {
        synchronized (this) {
            for (int i = proposals.size() - 1; i >= 0; i--) {
                Proposal proposal = proposals.get(i);
                if (closed) {
                    fail(proposal, Failures.stopped());
                } else if (proposal.forwarded()) {
                    fail(proposal, Failures.notProposed());
                } else if (!proposal.outcome().isDone()) {
                    waiting.addFirst(proposal);
                    waitingBytes += proposal.command().size();
                }
            }
        }
    }

    /** The batch is no longer on its way. */
    void finished(Batch batch) {
        boolean rests;
        synchronized (this) {
            inFlight.remove(batch);
            rests = held && inFlight.isEmpty();
        }
        if (rests) {
            news.tell();
        }
        pump();
    }

    /** Fails what has waited too long. */
    void expire(long nowNanos) {
        synchronized (this) {
            GrpcException reason =
                    leadership instanceof Leadership.Nobody
                            ? Failures.noLeader()
                            : Failures.timedOut();
            waiting.removeIf(proposal -> {
                boolean due = proposal.deadlineNanos() - nowNanos <= 0;
                if (due) {
                    waitingBytes -= proposal.command().size();
                    fail(proposal, reason);
                }
                return due;
            });
            for (Batch batch : inFlight) {
                for (Proposal proposal : batch.proposals) {
                    if (proposal.deadlineNanos() - nowNanos <= 0) {
                        fail(proposal, Failures.timedOut());
                    }
                }
            }
        }
    }

    void close() {
        synchronized (this) {
            closed = true;
            waiting.forEach(proposal -> fail(proposal, Failures.stopped()));
            waiting.clear();
            inFlight.forEach(batch -> batch.proposals.forEach(p -> fail(p, Failures.stopped())));
        }
    }

    private void fail(Proposal proposal, GrpcException failure) {
        if (!proposal.outcome().isDone()) {
            failed.increment();
            // Dependents must not run under the lock.
            deliver(() -> proposal.outcome().completeExceptionally(failure));
        }
    }

    /** Whoever comes after the end is told so, too. */
    private void deliver(Runnable delivery) {
        try {
            deliveries.execute(delivery);
        } catch (RejectedExecutionException e) {
            Thread.ofVirtual().name("raft-late-delivery").start(delivery);
        }
    }

    /** Commands that travel together. */
    static final class Batch {
        final List<Proposal> proposals;
        final Leadership leadership;

        Batch(List<Proposal> proposals, Leadership leadership) {
            this.proposals = proposals;
            this.leadership = leadership;
        }
    }

    /** Where batches go: into the log, or to the leader. Must not block. */
    interface Route {
        void send(Batch batch, Leadership leadership);
    }
}
