package io.skerry.etcd.server.corruption;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.PeerQuestions;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.ContentHash;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** This member's content for others who ask, and theirs compared with it. */
final class ContentReports {
    private static final Log LOG = Log.of(ContentReports.class);
    private static final String SERVICE = "content";

    /** To hash ten million keys takes some ten seconds. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

    /** How long one who is asked waits for what it has not yet applied. */
    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private final EtcdStateMachine store;
    private final PeerQuestions peers;
    private final Arrivals arrivals = new Arrivals();

    ContentReports(EtcdStateMachine store, PeerQuestions peers) {
        this.store = store;
        this.peers = peers;
        store.listen(arrivals);
        peers.answer(SERVICE, this::answer);
    }

    private CompletionStage<ByteString> answer(ByteString request) {
        var answer = new CompletableFuture<ByteString>();
        Thread.ofVirtual()
                .name("content-report")
                .start(() -> {
                    try {
                        var question = ContentQuestion.decode(request);
                        awaitRevision(question.revision());
                        answer.complete(report(question).encode());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        answer.completeExceptionally(e);
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
        return answer;
    }

    private void awaitRevision(long revision) throws InterruptedException {
        long until = System.nanoTime() + CATCH_UP.toNanos();
        synchronized (arrivals) {
            long left = CATCH_UP.toNanos();
            while (store.revision() < revision && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(arrivals, left);
                left = until - System.nanoTime();
            }
        }
    }

    /** Wakes those who wait for a revision; by then it can be seen. */
    private static final class Arrivals implements ApplyListener {
        @Override
        public synchronized void applied(List<Change> changes, long revision) {
            notifyAll();
        }

        @Override
        public synchronized void replaced(long revision) {
            notifyAll();
        }

        @Override
        public void leaseGranted(Lease lease) {}

        @Override
        public void leaseRevoked(long id) {}

        @Override
        public void leadership(long term, boolean leader) {}
    }

    private ContentReport report(ContentQuestion question) {
        ReadView view = store.view();
        try {
            long revision = Math.min(question.revision(), view.revision());
            long base = Math.max(question.base(), view.compactRevision());
            return report(view, revision, base);
        } finally {
            view.release();
        }
    }

    private static ContentReport report(ReadView view, long revision, long base) {
        return base > revision
                ? new ContentReport(revision, base, 0)
                : new ContentReport(revision, base, ContentHash.of(view, revision, base).hash());
    }

    /**
     * Asks other members and compares. Who does not answer, or has nothing that could be compared,
     * counts neither as equal nor as different.
     *
     * @param view this member's content; the caller keeps it
     * @param question asked of all, within the view
     * @param cluster how many members there are
     */
    Comparison compare(
            long self,
            int cluster,
            Collection<Long> others,
            ReadView view,
            ContentQuestion question)
            throws InterruptedException {
        var answers = new TreeMap<Long, CompletableFuture<ByteString>>();
        for (long member : others) {
            answers.put(member, peers.ask(member, SERVICE, question.encode(), ANSWER_TIMEOUT));
        }
        var own = new HashMap<ContentQuestion, ContentReport>();
        var equal = new HashSet<Long>();
        var different = new HashMap<Long, ContentReport>();
        for (var answer : answers.entrySet()) {
            ContentReport theirs = await(answer.getKey(), answer.getValue());
            if (theirs == null || !theirs.comparable() || theirs.revision() > view.revision()) {
                continue;
            }
            ContentReport ours =
                    own.computeIfAbsent(
                            new ContentQuestion(theirs.revision(), theirs.base()),
                            same -> report(view, same.revision(), same.base()));
            if (ours.equals(theirs)) {
                equal.add(answer.getKey());
            } else {
                different.put(answer.getKey(), theirs);
                tell(answer.getKey(), ours, theirs);
            }
        }
        return new Comparison(self, cluster, equal, Map.copyOf(different));
    }

    private static @Nullable ContentReport await(long member, CompletableFuture<ByteString> answer)
            throws InterruptedException {
        try {
            return ContentReport.decode(
                    answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException | IllegalArgumentException e) {
            LOG.warn(
                    "a member's content could not be compared",
                    "member",
                    Long.toHexString(member),
                    "reason",
                    GrpcException.from(e).getMessage());
            return null;
        }
    }

    private static void tell(long member, ContentReport ours, ContentReport theirs) {
        LOG.error(
                "found hash mismatch: a member's content differs from this one's",
                "member",
                Long.toHexString(member),
                "revision",
                ours.revision(),
                "compactRevision",
                ours.base(),
                "hash",
                Integer.toUnsignedLong(ours.hash()),
                "memberHash",
                Integer.toUnsignedLong(theirs.hash()));
    }
}
