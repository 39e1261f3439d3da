package io.skerry.etcd.server.cluster;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.Quorum;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.consensus.peer.Versions;
import io.skerry.etcd.server.membership.MemberChange;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.store.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What a member does for its cluster unasked: it publishes its name and where it serves clients;
 * and while it leads, it puts the first members into the log and raises the cluster's version to
 * what all understand. One thread looks now and then; nothing is proposed when nothing is due.
 */
public final class MemberLife implements AutoCloseable {
    private static final Log LOG = Log.of(MemberLife.class);
    private static final long LOOK_MILLIS = 100;
    private static final long PROPOSAL_SECONDS = 10;

    private final ReplicatedLog log;
    private final Quorum quorum;
    private final Supplier<MemberList> stored;
    private final MemberList first;
    private final Versions versions;
    private final String name;
    private final List<String> clientUrls;
    private final boolean alone;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("member-life").factory());
    private final CountDownLatch othersRemoved = new CountDownLatch(1);
    private boolean published;
    private int toldVersion;

    /**
     * @param stored the list that the log has told, empty at first
     * @param first the members with which the cluster begins, if it has not begun
     * @param alone whether all other members are to be removed
     */
    public MemberLife(
            ReplicatedLog log,
            Quorum quorum,
            Supplier<MemberList> stored,
            MemberList first,
            Versions versions,
            String name,
            List<String> clientUrls,
            boolean alone) {
        this.log = log;
        this.quorum = quorum;
        this.stored = stored;
        this.first = first;
        this.versions = versions;
        this.name = name;
        this.clientUrls = List.copyOf(clientUrls);
        this.alone = alone;
    }

    /** Begins to look. */
    public MemberLife start() {
        var _ = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    /**
     * Waits until the removal of all others is in the log. What a client wrote before that could be
     * taken up by those others again, if this member were then started without being forced.
     *
     * @throws IOException if that is not so in time
     */
    public void awaitAlone(Duration patience) throws IOException {
        try {
            if (othersRemoved.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(
                "--force-new-cluster: the other members could not be removed within "
                        + patience.toSeconds()
                        + " s; see the log");
    }

    private void look() {
        try {
            RaftStatus status = log.status();
            MemberList list = stored.get();
            if (list.version() != toldVersion) {
                toldVersion = list.version();
                // Scripts for etcd wait for these words.
                LOG.info("enabled capabilities for version", "version", "3." + toldVersion);
            }
            if (status.leaderId() == 0) {
                return;
            }
            if (status.leader()) {
                lead(list, status.memberId());
            }
            if (!published) {
                publish(list, status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("the member's own affairs wait", e);
        }
    }

    private void lead(MemberList list, long self) throws InterruptedException {
        if (list.members().isEmpty()) {
            var _ = propose(new MemberChange.Begin(first));
            return;
        }
        if (alone && othersRemoved.getCount() > 0) {
            if (propose(new MemberChange.Alone(self))) {
                othersRemoved.countDown();
            }
            return;
        }
        int common = common(list, self);
        if (list.downgradeTarget() != 0) {
            if (list.version() != list.downgradeTarget()) {
                var _ = propose(new MemberChange.Version(list.downgradeTarget()));
            } else if (common <= list.downgradeTarget()) {
                // All members run the older program by now.
                var _ = propose(new MemberChange.Downgrade(0));
            }
        } else if (common > list.version()) {
            var _ = propose(new MemberChange.Version(common));
        }
    }

    /** Newest version that all members understand; who was never met counts as the oldest. */
    private int common(MemberList list, long self) {
        int common = versions.maxCluster();
        for (Member member : list.members()) {
            if (member.id() != self) {
                Versions known = quorum.versions(member.id());
                common =
                        Math.min(
                                common, known == null ? versions.minCluster() : known.maxCluster());
            }
        }
        return common;
    }

    private void publish(MemberList list, RaftStatus status) throws InterruptedException {
        Member own = list.find(status.memberId());
        if (own == null) {
            return;
        }
        published =
                (own.name().equals(name) && own.clientUrls().equals(clientUrls))
                        || propose(new MemberChange.Publish(own.id(), name, clientUrls));
        if (published) {
            // Scripts for etcd wait for these words.
            LOG.info(
                    "published local member to cluster",
                    "name",
                    name,
                    "member",
                    Long.toHexString(status.memberId()),
                    "cluster",
                    Long.toHexString(status.clusterId()),
                    "clientUrls",
                    String.join(",", clientUrls));
        }
    }

    private boolean propose(MemberChange change) throws InterruptedException {
        try {
            CommandResult result =
                    log.propose(new Command.Members(change).encode())
                            .get(PROPOSAL_SECONDS, TimeUnit.SECONDS);
            return result.code() == GrpcCode.OK;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the member's own affairs wait", "change", change, "reason", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
