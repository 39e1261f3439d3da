package io.skerry.node.cli;

import io.skerry.base.text.GoDuration;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdUser;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.daemon.FlannelConfig;
import io.skerry.flannel.daemon.InterfaceChoice;
import io.skerry.flannel.etcdv2.EtcdV2Store;
import io.skerry.flannel.etcdv2.KeysApi;
import io.skerry.flannel.subnet.SubnetKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code flanneld} takes, as picocli reads it or {@link FlanneldWords}. */
final class FlanneldFlags {
    /** What the original renews its leases by, which is let pass. */
    private static final int ORIGINALS_MARGIN = 60;

    /** All hosts hear of each renewal in v2 keys. */
    private static final Duration LEAST_BETWEEN_RENEWALS = Duration.ofSeconds(10);

    private static final String DEFAULT_ENDPOINTS = "http://127.0.0.1:4001,http://127.0.0.1:2379";

    @Option(
            names = {"--etcd-endpoints", "-etcd-endpoints"},
            paramLabel = "URL,...",
            defaultValue = DEFAULT_ENDPOINTS,
            description = "The store's members (default: ${DEFAULT-VALUE}).")
    private String etcdEndpoints = DEFAULT_ENDPOINTS;

    @Option(
            names = {"--etcd-prefix", "-etcd-prefix"},
            paramLabel = "KEY",
            defaultValue = SubnetKeys.DEFAULT_PREFIX,
            description = "Where the network's keys are (default: ${DEFAULT-VALUE}).")
    private String etcdPrefix = SubnetKeys.DEFAULT_PREFIX;

    @Option(
            names = {"--etcd-v2", "-etcd-v2"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "true|false",
            description =
                    "Keep the network in keys of etcd's v2 API, as flannel 0.13 and older do"
                            + " (default: ${DEFAULT-VALUE}).")
    private boolean etcdV2;

    @Option(
            names = {"--etcd-keyfile", "-etcd-keyfile"},
            paramLabel = "FILE",
            description = "Private key for the store.")
    private @Nullable Path etcdKeyFile;

    @Option(
            names = {"--etcd-certfile", "-etcd-certfile"},
            paramLabel = "FILE",
            description = "Certificate for the store.")
    private @Nullable Path etcdCertFile;

    @Option(
            names = {"--etcd-cafile", "-etcd-cafile"},
            paramLabel = "FILE",
            description = "Authorities that vouch for the store.")
    private @Nullable Path etcdCaFile;

    @Option(
            names = {"--etcd-username", "-etcd-username"},
            paramLabel = "NAME",
            description = "User of the store.")
    private @Nullable String etcdUsername;

    @Option(
            names = {"--etcd-password", "-etcd-password"},
            paramLabel = "WORD",
            description = "The user's password; better given as FLANNELD_ETCD_PASSWORD.")
    private @Nullable String etcdPassword;

    @Option(
            names = {"--iface", "-iface"},
            paramLabel = "NAME|IP",
            description = "Interface to the other hosts; the first of several that is there.")
    private List<String> interfaces = new ArrayList<>();

    @Option(
            names = {"--iface-regex", "-iface-regex"},
            paramLabel = "EXPRESSION",
            description = "The same by an expression that its name or address matches.")
    private List<String> interfaceExpressions = new ArrayList<>();

    @Option(
            names = {"--iface-can-reach", "-iface-can-reach"},
            paramLabel = "IP",
            description = "The interface that leads to this address.")
    private @Nullable String canReach;

    @Option(
            names = {"--public-ip", "-public-ip"},
            paramLabel = "IP",
            description = "Where other hosts reach this one (default: the interface's address).")
    private @Nullable String publicIp;

    @Option(
            names = {"--public-ipv6", "-public-ipv6"},
            paramLabel = "IP",
            description = "The same for IPv6, in a network that has it.")
    private @Nullable String publicIpv6;

    @Option(
            names = {"--subnet-file", "-subnet-file"},
            paramLabel = "FILE",
            defaultValue = "/run/flannel/subnet.env",
            description = "Where the host's subnet is told (default: ${DEFAULT-VALUE}).")
    private Path subnetFile = FlannelConfig.DEFAULT_SUBNET_FILE;

    @Option(
            names = {"--cni-conf"},
            paramLabel = "FILE",
            description =
                    "Keep a list of CNI plugins for the host's subnet in this file (default: in"
                            + " none), like /etc/cni/net.d/10-flannel.conflist.")
    private @Nullable Path cniConf;

    @Option(
            names = {"--subnet-lease-ttl"},
            paramLabel = "DURATION",
            description =
                    "After how long of silence other hosts give this one up (default: 10s; with"
                            + " --etcd-v2 24h, as the original's).")
    private @Nullable String leaseTtl;

    @Option(
            names = {"--subnet-lease-renew-margin", "-subnet-lease-renew-margin"},
            paramLabel = "MINUTES",
            description =
                    "With --etcd-v2: how long before its end the lease is renewed (default: 60, but"
                            + " not before a fifth of its time).")
    private @Nullable Integer renewMarginMinutes;

    @Option(
            names = {"--ip-masq", "-ip-masq"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "true|false",
            description = "Masquerade what leaves the network (default: ${DEFAULT-VALUE}).")
    private boolean masquerade;

    @Option(
            names = {"--iptables-forward-rules", "-iptables-forward-rules"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            paramLabel = "true|false",
            description = "Let through what containers send and get (default: ${DEFAULT-VALUE}).")
    private boolean forwardRules = true;

    @Option(
            names = {"--iptables-resync", "-iptables-resync"},
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How often everything is looked at (default: ${DEFAULT-VALUE}).")
    private int resyncSeconds = 5;

    @Option(
            names = {"--kube-subnet-mgr", "-kube-subnet-mgr"},
            hidden = true,
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false")
    private boolean kubernetes;

    @Option(
            names = {"--healthz-ip", "-healthz-ip"},
            paramLabel = "IP",
            defaultValue = "0.0.0.0",
            description = "Where to serve health and metrics (default: ${DEFAULT-VALUE}).")
    private String healthIp = "0.0.0.0";

    @Option(
            names = {"--healthz-port", "-healthz-port"},
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of /healthz, /readyz and /metrics (default: none is served).")
    private int healthPort;

    @Option(
            names = {"-v", "--v"},
            paramLabel = "LEVEL",
            defaultValue = "0",
            description = "1 and more also logs what helps to find faults (default: 0).")
    private int verbosity;

    /**
     * Sets what a flag of that name says; of several values of a list it is one.
     *
     * @return false if there is no such flag, or the value is none that is read without picocli
     */
    boolean set(String name, String value) {
        switch (name) {
            case "etcd-endpoints" -> etcdEndpoints = value;
            case "etcd-prefix" -> etcdPrefix = value;
            case "etcd-v2" -> etcdV2 = isTrue(value);
            case "etcd-keyfile" -> etcdKeyFile = Path.of(value);
            case "etcd-certfile" -> etcdCertFile = Path.of(value);
            case "etcd-cafile" -> etcdCaFile = Path.of(value);
            case "etcd-username" -> etcdUsername = value;
            case "etcd-password" -> etcdPassword = value;
            case "iface" -> interfaces.add(value);
            case "iface-regex" -> interfaceExpressions.add(value);
            case "iface-can-reach" -> canReach = value;
            case "public-ip" -> publicIp = value;
            case "public-ipv6" -> publicIpv6 = value;
            case "subnet-file" -> subnetFile = Path.of(value);
            case "cni-conf" -> cniConf = Path.of(value);
            case "subnet-lease-ttl" -> leaseTtl = value;
            case "subnet-lease-renew-margin" -> renewMarginMinutes = Integer.valueOf(value);
            case "ip-masq" -> masquerade = isTrue(value);
            case "iptables-forward-rules" -> forwardRules = isTrue(value);
            case "iptables-resync" -> resyncSeconds = Integer.parseInt(value);
            case "healthz-ip" -> healthIp = value;
            case "healthz-port" -> healthPort = Integer.parseInt(value);
            case "v" -> verbosity = Integer.parseInt(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Any other word is an error that picocli tells. */
    private static boolean isTrue(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(value);
        };
    }

    /** Why this cannot be meant; empty if it can. */
    Optional<String> fault() {
        if (kubernetes) {
            return Optional.of("--kube-subnet-mgr: leases are kept in etcd, not in Kubernetes");
        }
        if (resyncSeconds < 1) {
            return Optional.of("--iptables-resync is " + resyncSeconds + " and must be at least 1");
        }
        if (healthPort < 0 || healthPort > 65535) {
            return Optional.of(
                    "--healthz-port is " + healthPort + " and must be from 0 (none) to 65535");
        }
        if ((etcdCertFile == null) != (etcdKeyFile == null)
                || (etcdCaFile != null && etcdCertFile == null && !etcdV2)) {
            return Optional.of(
                    "--etcd-certfile and --etcd-keyfile belong together, and --etcd-cafile needs"
                            + " them");
        }
        try {
            config();
            endpoints();
            checkMargin();
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    String healthIp() {
        return healthIp;
    }

    /** 0: none is to be served. */
    int healthPort() {
        return healthPort;
    }

    String logLevel() {
        return verbosity > 0 ? "debug" : "info";
    }

    private void checkMargin() {
        if (renewMarginMinutes == null) {
            return;
        }
        if (!etcdV2 && renewMarginMinutes != ORIGINALS_MARGIN) {
            throw new IllegalArgumentException(
                    "--subnet-lease-renew-margin: without --etcd-v2 leases are renewed every fifth"
                            + " of --subnet-lease-ttl; set that one");
        }
        if (etcdV2
                && (renewMarginMinutes < 1
                        || ttl().minus(renewMargin()).compareTo(LEAST_BETWEEN_RENEWALS) < 0)) {
            throw new IllegalArgumentException(
                    "--subnet-lease-renew-margin is "
                            + renewMarginMinutes
                            + " and must be at least one minute, and "
                            + LEAST_BETWEEN_RENEWALS.toSeconds()
                            + " s less than --subnet-lease-ttl, which is "
                            + ttl().toSeconds()
                            + " s");
        }
    }

    boolean etcdV2() {
        return etcdV2;
    }

    /** Of a lease in v2 keys. */
    Duration renewMargin() {
        return renewMarginMinutes == null
                ? EtcdV2Store.renewMargin(ttl())
                : Duration.ofMinutes(renewMarginMinutes);
    }

    /** For {@code --etcd-v2}. */
    KeysApi keysApi() throws IOException {
        return new KeysApi(endpoints(), TlsIdentity.clientContext(tls(), etcdCaFile, true));
    }

    private @Nullable TlsFiles tls() {
        return etcdCertFile == null || etcdKeyFile == null
                ? null
                : new TlsFiles(etcdCertFile, etcdKeyFile, etcdCaFile, false);
    }

    EtcdEndpoints endpoints() {
        if (etcdEndpoints.contains("@")) {
            // Not shown: what stands before it may be a password.
            throw new IllegalArgumentException(
                    "--etcd-endpoints names a user in a URL; give --etcd-username and"
                            + " FLANNELD_ETCD_PASSWORD");
        }
        EtcdEndpoints endpoints = EtcdEndpoints.parse(etcdEndpoints, tls());
        endpoints.uris().stream()
                .filter(uri -> !isHttp(uri) && (etcdV2 || !"unix".equals(uri.getScheme())))
                .findFirst()
                .ifPresent(uri -> {
                    throw new IllegalArgumentException(
                            "--etcd-endpoints names "
                                    + uri
                                    + " and must be URLs like http://10.0.0.1:2379");
                });
        return etcdUsername == null
                ? endpoints
                : endpoints.as(
                        new EtcdUser(etcdUsername, etcdPassword == null ? "" : etcdPassword));
    }

    private static boolean isHttp(URI uri) {
        return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                && uri.getHost() != null;
    }

    FlannelConfig config() {
        return new FlannelConfig(
                new SubnetKeys(etcdPrefix),
                new InterfaceChoice(
                        interfaces,
                        interfaceExpressions.stream().map(FlanneldFlags::expression).toList(),
                        address("--iface-can-reach", canReach, Ip::parse, "an address"),
                        address("--public-ip", publicIp, Ip4::parse, "an IPv4 address"),
                        address("--public-ipv6", publicIpv6, Ip6::parse, "an IPv6 address")),
                subnetFile,
                masquerade,
                forwardRules,
                ttl(),
                Duration.ofSeconds(resyncSeconds),
                List.of(),
                Optional.ofNullable(cniConf));
    }

    private Duration ttl() {
        if (leaseTtl == null) {
            return etcdV2 ? EtcdV2Store.DEFAULT_TTL : FlannelConfig.DEFAULT_LEASE_TTL;
        }
        String given = leaseTtl;
        return GoDuration.parse(given)
                .filter(ttl -> ttl.compareTo(Duration.ofSeconds(2)) >= 0)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "--subnet-lease-ttl is "
                                        + given
                                        + " and must be a time of at least 2s, like 30s or 24h"));
    }

    private static Pattern expression(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "--iface-regex " + text + " is no expression: " + e.getDescription(), e);
        }
    }

    private static <T> Optional<T> address(
            String flag,
            @Nullable String text,
            Function<String, Optional<T>> parse,
            String allowed) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                parse.apply(text)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        flag + " is " + text + " and must be " + allowed)));
    }
}
