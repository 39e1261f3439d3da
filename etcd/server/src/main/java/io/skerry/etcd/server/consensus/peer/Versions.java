package io.skerry.etcd.server.consensus.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a member understands, as it tells its peers at the handshake.
 *
 * @param minProtocol oldest protocol between peers that it speaks
 * @param maxProtocol newest protocol between peers that it speaks
 * @param minCluster oldest version of the cluster whose log and state it reads, as the second
 *     number of etcd's version: 5 for 3.5
 * @param maxCluster newest such version
 */
public record Versions(int minProtocol, int maxProtocol, int minCluster, int maxCluster) {
    /** Those of this program. */
    public static final Versions CURRENT = new Versions(2, 2, 5, 5);

    public Versions {
        if (minProtocol > maxProtocol || minCluster > maxCluster) {
            throw new IllegalArgumentException(
                    "the oldest version must not be newer than the newest");
        }
    }

    /** Why these two cannot talk; null if they can. */
    @Nullable String refusal(Versions peer) {
        if (peer.maxProtocol < minProtocol || peer.minProtocol > maxProtocol) {
            return "the peer speaks the peers' protocol "
                    + range(peer.minProtocol, peer.maxProtocol)
                    + ", this member "
                    + range(minProtocol, maxProtocol)
                    + "; upgrade one version after the other";
        }
        if (peer.maxCluster < minCluster || peer.minCluster > maxCluster) {
            return "the peer is a member for clusters of version "
                    + versions(peer.minCluster, peer.maxCluster)
                    + ", this one for "
                    + versions(minCluster, maxCluster)
                    + "; upgrade one version after the other";
        }
        return null;
    }

    /** Why such a member cannot be of a cluster; null if it can. */
    public @Nullable String refusalOf(int cluster) {
        if (cluster < minCluster || cluster > maxCluster) {
            return "the cluster has version 3."
                    + cluster
                    + ", and the member is for versions "
                    + versions(minCluster, maxCluster)
                    + "; run a program of the cluster's version";
        }
        return null;
    }

    private static String range(int min, int max) {
        return min == max ? Integer.toString(min) : min + " to " + max;
    }

    private static String versions(int min, int max) {
        return min == max ? "3." + min : "3." + min + " to 3." + max;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeShort(minProtocol);
        out.writeShort(maxProtocol);
        out.writeShort(minCluster);
        out.writeShort(maxCluster);
    }

    static Versions read(DataInputStream in) throws IOException {
        int[] read = new int[4];
        for (int i = 0; i < read.length; i++) {
            read[i] = in.readUnsignedShort();
        }
        if (read[0] > read[1] || read[2] > read[3]) {
            throw new IOException("the other side's versions cannot be read");
        }
        return new Versions(read[0], read[1], read[2], read[3]);
    }
}
