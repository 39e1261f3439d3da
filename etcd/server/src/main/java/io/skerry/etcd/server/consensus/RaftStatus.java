package io.skerry.etcd.server.consensus;

import java.util.List;

/**
 * Where a member stands at one moment.
 *
 * @param memberId id of this member
 * @param term current term
 * @param leaderId member id of the leader, 0 if none is known
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
        long committedIndex,
        long appliedIndex,
        List<Member> members) {

    public RaftStatus {
        members = List.copyOf(members);
    }

    /** Whether this member leads. */
    public boolean leader() {
        return leaderId != 0 && leaderId == memberId;
    }

    /**
     * One member of the cluster.
     *
     * @param clientUrls where it serves clients; empty until it has published them
     */
    public record Member(long id, String name, List<String> peerUrls, List<String> clientUrls) {
        public Member {
            peerUrls = List.copyOf(peerUrls);
            clientUrls = List.copyOf(clientUrls);
        }
    }
}
