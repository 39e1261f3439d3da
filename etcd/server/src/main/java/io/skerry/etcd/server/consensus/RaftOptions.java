package io.skerry.etcd.server.consensus;

import io.skerry.base.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one member's consensus needs to know.
 *
 * @param members all members, this one among them
 * @param listen addresses to accept peers at; empty for a sole member
 * @param peerAddresses host and port of every other member by its id
 * @param peerTls null: peers talk in clear text
 * @param directory for log and vote; is created if it is not there
 * @param heartbeatInterval of a leader
 * @param electionTimeout silence of the leader after which a follower stands for election
 * @param snapshotCount commands after which the state is flushed and the log before is given up
 */
public record RaftOptions(
        long clusterId,
        long memberId,
        List<RaftStatus.Member> members,
        List<InetSocketAddress> listen,
        Map<Long, InetSocketAddress> peerAddresses,
        @Nullable TlsFiles peerTls,
        Path directory,
        Duration heartbeatInterval,
        Duration electionTimeout,
        long snapshotCount) {

    public RaftOptions {
        members = List.copyOf(members);
        listen = List.copyOf(listen);
        peerAddresses = Map.copyOf(peerAddresses);
        if (members.stream().noneMatch(member -> member.id() == memberId)) {
            throw new IllegalArgumentException(
                    "member " + Long.toHexString(memberId) + " is not among the members");
        }
        if (electionTimeout.compareTo(heartbeatInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "election timeout "
                            + electionTimeout.toMillis()
                            + " ms must be at least twice the heartbeat interval of "
                            + heartbeatInterval.toMillis()
                            + " ms");
        }
    }

    /** How long a request may wait for agreement, as long as etcd lets it. */
    Duration requestTimeout() {
        return Duration.ofSeconds(5).plus(electionTimeout.multipliedBy(2));
    }
}
