package io.skerry.etcd.server.consensus;

import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.consensus.peer.Versions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one member's consensus needs to know.
 *
 * @param versions what this member understands
 * @param roster the members at the start
 * @param joining whether the member joins a cluster that has a log already; otherwise an empty log
 *     begins with the voters of the roster
 * @param alone whether to go on as the only member of the cluster, whatever the log says
 * @param listen addresses to accept peers at; empty for a sole member
 * @param peerTls null: peers talk in clear text
 * @param directory for log and vote; is created if it is not there
 * @param heartbeatInterval of a leader
 * @param electionTimeout silence of the leader after which a follower stands for election
 * @param snapshotCount commands after which the state is flushed and the log before is given up
 */
public record RaftOptions(
        long clusterId,
        long memberId,
        Versions versions,
        Roster roster,
        boolean joining,
        boolean alone,
        List<InetSocketAddress> listen,
        @Nullable TlsFiles peerTls,
        Path directory,
        Duration heartbeatInterval,
        Duration electionTimeout,
        long snapshotCount) {

    public RaftOptions {
        listen = List.copyOf(listen);
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
