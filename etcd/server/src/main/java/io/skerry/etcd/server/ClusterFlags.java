package io.skerry.etcd.server;

import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.server.bootstrap.Discovery;
import io.skerry.etcd.server.bootstrap.RegistryDiscovery;
import io.skerry.etcd.server.bootstrap.SrvDiscovery;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the life of a cluster: how it is found and how it may change. */
final class ClusterFlags {
    @Option(
            names = {"--discovery", "-discovery"},
            paramLabel = "URL",
            description =
                    "Find the members of a new cluster under a key of a store's v2 API whose"
                            + " _config/size says how many they are.")
    private @Nullable String discovery;

    @Option(
            names = {"--discovery-endpoints", "-discovery-endpoints"},
            split = ",",
            paramLabel = "URL",
            description = "Find the members of a new cluster in a store's v3 API.")
    private List<String> discoveryEndpoints = List.of();

    @Option(
            names = {"--discovery-token", "-discovery-token"},
            paramLabel = "TOKEN",
            description =
                    "The cluster's name there; /_etcd/registry/TOKEN/_config/size says how many"
                            + " they are.")
    private @Nullable String discoveryToken;

    @Option(
            names = {"--discovery-srv", "-discovery-srv"},
            paramLabel = "DOMAIN",
            description = "Find the members of a new cluster by the SRV records of a domain.")
    private @Nullable String discoverySrv;

    @Option(
            names = {"--discovery-srv-name", "-discovery-srv-name"},
            defaultValue = "",
            paramLabel = "NAME",
            description = "Suffix of the service's name in those records.")
    private String discoverySrvName = "";

    @Option(
            names = {"--strict-reconfig-check", "-strict-reconfig-check"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            paramLabel = "BOOL",
            description =
                    "Refuse changes of members that endanger the quorum (default:"
                            + " ${DEFAULT-VALUE}).")
    private boolean strictReconfigCheck = true;

    @Option(
            names = {
                "--max-learners",
                "-max-learners",
                "--experimental-max-learners",
                "-experimental-max-learners"
            },
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "How many learners the cluster may have, the same on all members (default:"
                            + " ${DEFAULT-VALUE}).")
    private int maxLearners = 1;

    @Option(
            names = {"--force-new-cluster", "-force-new-cluster"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description = "Go on alone with this member's data; all others are removed.")
    private boolean forceNewCluster;

    @Option(
            names = {"--pre-vote", "-pre-vote"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            paramLabel = "BOOL",
            description = "Always on: a member asks for votes before it disturbs a leader.")
    private boolean preVote = true;

    /**
     * @param initialCluster whether the members are given by a flag
     * @param token keeps clusters apart
     */
    ClusterOptions options(boolean initialCluster, String token) {
        if (!preVote) {
            throw new IllegalArgumentException(
                    "--pre-vote=false is not supported: members always ask before they stand for"
                            + " election");
        }
        if (maxLearners < 1) {
            throw new IllegalArgumentException(
                    "--max-learners: " + maxLearners + " must be 1 or more");
        }
        List<String> endpoints = Given.list(discoveryEndpoints);
        String discoveryToken = Given.text(this.discoveryToken);
        boolean inStore = !endpoints.isEmpty() || discoveryToken != null;
        long ways =
                Stream.of(
                                initialCluster,
                                Given.text(discovery) != null,
                                inStore,
                                Given.text(discoverySrv) != null)
                        .filter(way -> way)
                        .count();
        if (ways > 1) {
            throw new IllegalArgumentException(
                    "multiple discovery or bootstrap flags are set. Choose one of"
                            + " \"initial-cluster\", \"discovery\", \"discovery-endpoints\" or"
                            + " \"discovery-srv\"");
        }
        if (inStore && (endpoints.isEmpty() || discoveryToken == null)) {
            throw new IllegalArgumentException(
                    "both --discovery-endpoints and --discovery-token must be set");
        }
        return new ClusterOptions(
                strictReconfigCheck, maxLearners, forceNewCluster, discovery(token));
    }

    private @Nullable Discovery discovery(String token) {
        String url = Given.text(discovery);
        if (url != null) {
            return RegistryDiscovery.atUrl(url(url));
        }
        List<String> endpoints = Given.list(discoveryEndpoints);
        if (!endpoints.isEmpty()) {
            return RegistryDiscovery.inStore(
                    EtcdEndpoints.parse(String.join(",", endpoints), null),
                    Objects.requireNonNull(discoveryToken));
        }
        String domain = Given.text(discoverySrv);
        if (domain != null) {
            return new SrvDiscovery(domain, discoverySrvName, token, null);
        }
        return null;
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null || url.getPath().length() < 2) {
            throw new IllegalArgumentException(
                    "--discovery: \"" + text + "\" must be an http or https URL with a path");
        }
        return url;
    }
}
