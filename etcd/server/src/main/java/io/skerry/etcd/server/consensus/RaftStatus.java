package io.skerry.etcd.server.consensus;

import java.util.List;

/**
 * Where a member stands at one moment.
 *
 * @param memberId id of this member
 * @param term current term
 * @param leaderId member id of the leader, 0 if none is known
 * @param leaderSinceNanos when this member learned that, as {@link System#nanoTime} says
 * @param committedIndex newest log entry known to be on a majority
 * @param appliedIndex newest log entry that the local state machine contains
 * @param clusterId id of the cluster
 * @param members all members, ordered by id
 */
public record RaftStatus(
        long clusterId,
        long memberId,
        long term,
        long leaderId,
        long leaderSinceNanos,
        long committedIndex,
        long appliedIndex,
        List<Member> members) {

    public RaftStatus {
        members = List.copyOf(members);
    }

    /** Whether this member has no vote. */
    public boolean learner() {
        return members.stream().anyMatch(member -> member.id() == memberId && member.learner());
    }

    /** Whether this member leads. */
    public boolean leader() {
        return leaderId != 0 && leaderId == memberId;
    }

    /**
     * One member of the cluster.
     *
     * @param name empty until it has been started for the first time
     * @param clientUrls where it serves clients; empty until it has published them
     * @param learner whether it gets the log but has no vote
     */
    public record Member(
            long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {
        public Member {
            peerUrls = List.copyOf(peerUrls);
            clientUrls = List.copyOf(clientUrls);
        }

        /** A voting member. */
        public Member(long id, String name, List<String> peerUrls, List<String> clientUrls) {
            this(id, name, peerUrls, clientUrls, false);
        }

        /** Whether it has ever been started. */
        public boolean started() {
            return !name.isEmpty();
        }
    }
}
