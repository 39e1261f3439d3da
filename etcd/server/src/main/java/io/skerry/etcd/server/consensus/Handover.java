package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.entity.PeerId;
import java.util.function.BooleanSupplier;

/**
 * Hands leadership over without losing a command: what is on its way is waited for, and what comes
 * meanwhile waits and then goes to the new leader.
 */
final class Handover {
    private final GroupCommit commit;
    private final News news;

    /**
     * @param news tells of other leaders and of commands that are done
     */
    Handover(GroupCommit commit, News news) {
        this.commit = commit;
        this.news = news;
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
            var _ = news.await(commit::idle, patienceNanos);
            return node.transferLeadershipTo(heir).isOk() && news.await(done, patienceNanos);
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
}
