package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.entity.PeerId;
import java.util.function.BooleanSupplier;

/**
 * Hands leadership over without losing a command: what is on its way is waited for, and what comes
 * meanwhile waits and then goes to the new leader.
 */
final class Handover {
    private static final long PAUSE_MILLIS = 10;

    private final GroupCommit commit;

    Handover(GroupCommit commit) {
        this.commit = commit;
    }

    /**
     * One attempt.
     *
     * @param heir {@link PeerId#ANY_PEER} for whoever is the furthest
     * @param done whether another leads
     * @return false if nobody took over within the patience
     */
    synchronized boolean to(Node node, PeerId heir, BooleanSupplier done, long patienceNanos)
            throws InterruptedException {
        commit.hold();
        try {
            await(commit::idle, patienceNanos);
            return node.transferLeadershipTo(heir).isOk() && await(done, patienceNanos);
        } finally {
            commit.release();
        }
    }

    /** One attempt to hand over to anyone; whether it succeeds or not, this member stops then. */
    void leave(Node node, BooleanSupplier done, long patienceNanos) {
        try {
            var _ = to(node, PeerId.ANY_PEER, done, patienceNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(BooleanSupplier condition, long patienceNanos)
            throws InterruptedException {
        long until = System.nanoTime() + patienceNanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }
}
