package io.skerry.etcd.server.consensus.peer;

import io.skerry.base.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a member is to its peers and where they are at first.
 *
 * @param clusterId cluster of this member and of all whom it talks with
 * @param memberId id of this member
 * @param versions what this member understands
 * @param listen addresses to accept peers at
 * @param peers where every other member is, by its id; names are resolved at each connect
 * @param tls files for both directions; null: clear text
 */
public record PeerOptions(
        long clusterId,
        long memberId,
        Versions versions,
        List<InetSocketAddress> listen,
        Map<Long, List<InetSocketAddress>> peers,
        @Nullable TlsFiles tls) {
    public PeerOptions {
        listen = List.copyOf(listen);
        peers = Map.copyOf(peers);
    }
}
