package io.skerry.etcd.server;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.auth.AuthOptions;
import io.skerry.etcd.server.membership.InitialCluster;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one member is set, in the words of etcd's flags. A value that may not be is refused by the
 * constructor with {@link IllegalArgumentException}, whose message says in one line what to do.
 *
 * @param name of the member within {@code initialCluster}
 * @param dataDir everything the member keeps
 * @param joining whether the cluster is one that exists already ({@code --initial-cluster-state})
 * @param clientTls needed when a client URL is https
 * @param peerTls needed when the peer URLs are https; used for both directions
 * @param snapshotCount commands after which the state is flushed and the log before is given up
 * @param storage quota
 * @param auth how users log in
 * @param cluster how the member finds its cluster and lets it change
 * @param operation what it watches and tells
 */
public record EtcdConfig(
        String name,
        Path dataDir,
        List<ListenUrl> listenClientUrls,
        List<String> advertiseClientUrls,
        List<ListenUrl> listenPeerUrls,
        List<String> initialAdvertisePeerUrls,
        InitialCluster initialCluster,
        boolean joining,
        Duration heartbeatInterval,
        Duration electionTimeout,
        @Nullable TlsFiles clientTls,
        @Nullable TlsFiles peerTls,
        long snapshotCount,
        StorageOptions storage,
        AuthOptions auth,
        ClusterOptions cluster,
        OperationOptions operation) {

    /** How many commands etcd applies between two snapshots. */
    public static final long DEFAULT_SNAPSHOT_COUNT = 100_000;

    private static final int MIN_ELECTION_FACTOR = 5;
    private static final Duration MAX_ELECTION_TIMEOUT = Duration.ofSeconds(50);

    public EtcdConfig {
        listenClientUrls = List.copyOf(listenClientUrls);
        advertiseClientUrls = List.copyOf(advertiseClientUrls);
        listenPeerUrls = List.copyOf(listenPeerUrls);
        initialAdvertisePeerUrls = List.copyOf(initialAdvertisePeerUrls);
        if (heartbeatInterval.toMillis() < 1) {
            throw new IllegalArgumentException("--heartbeat-interval must be at least 1 ms");
        }
        if (electionTimeout.compareTo(heartbeatInterval.multipliedBy(MIN_ELECTION_FACTOR)) < 0) {
            throw new IllegalArgumentException(
                    "--election-timeout ["
                            + electionTimeout.toMillis()
                            + "ms] should be at least as "
                            + MIN_ELECTION_FACTOR
                            + " times as --heartbeat-interval ["
                            + heartbeatInterval.toMillis()
                            + "ms]");
        }
        if (electionTimeout.compareTo(MAX_ELECTION_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "--election-timeout ["
                            + electionTimeout.toMillis()
                            + "ms] is too long, and should be set less than "
                            + MAX_ELECTION_TIMEOUT.toMillis()
                            + "ms");
        }
        if (snapshotCount < 1) {
            throw new IllegalArgumentException(
                    "--snapshot-count: " + snapshotCount + " must be at least 1");
        }
        if (listenClientUrls.isEmpty() || listenPeerUrls.isEmpty()) {
            throw new IllegalArgumentException(
                    "--listen-client-urls and --listen-peer-urls must name at least one URL each");
        }
        if (advertiseClientUrls.isEmpty()) {
            throw new IllegalArgumentException(
                    "--advertise-client-urls is required when --listen-client-urls is set"
                            + " explicitly");
        }
        initialCluster.requireUrls(name, initialAdvertisePeerUrls);
        requireTls("--listen-client-urls", listenClientUrls, clientTls, "--cert-file, --key-file");
        requireTls(
                "--listen-metrics-urls",
                operation.metrics().urls(),
                clientTls,
                "--cert-file, --key-file");
        requireTls(
                "--listen-peer-urls", listenPeerUrls, peerTls, "--peer-cert-file, --peer-key-file");
        boolean secure = secure(listenPeerUrls.getFirst().toString());
        if (!listenPeerUrls.stream().allMatch(url -> secure(url.toString()) == secure)
                || !initialCluster.members().values().stream()
                        .flatMap(List::stream)
                        .allMatch(url -> secure(url) == secure)) {
            throw new IllegalArgumentException(
                    "peer URLs must all be http or all be https: --listen-peer-urls "
                            + listenPeerUrls
                            + ", --initial-cluster "
                            + initialCluster);
        }
    }

    private static boolean secure(String url) {
        return url.startsWith("https:");
    }

    private static void requireTls(
            String flag, List<ListenUrl> urls, @Nullable TlsFiles tls, String needed) {
        for (ListenUrl url : urls) {
            if (secure(url.toString()) && tls == null) {
                throw new IllegalArgumentException(
                        flag + " has " + url + ", for which " + needed + " must be given");
            }
        }
    }

    /** TLS between peers, if their URLs are https. */
    @Nullable TlsFiles effectivePeerTls() {
        return secure(listenPeerUrls.getFirst().toString()) ? peerTls : null;
    }

    /** Addresses to listen for peers. */
    List<InetSocketAddress> peerListenAddresses() {
        return listenPeerUrls.stream()
                .map(url ->
                        switch (url) {
                            case ListenUrl.Tcp tcp -> resolved(tcp);
                            case ListenUrl.Unix unix ->
                                    throw new IllegalArgumentException(
                                            "--listen-peer-urls: " + unix + " is no TCP URL");
                        })
                .toList();
    }

    private static InetSocketAddress resolved(ListenUrl.Tcp tcp) {
        try {
            return new InetSocketAddress(InetAddress.getAllByName(tcp.host())[0], tcp.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "--listen-peer-urls: host " + tcp.host() + " is unknown", e);
        }
    }
}
