package io.skerry.node.playground;

import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdUser;
import io.skerry.flannel.daemon.FlannelConfig;
import io.skerry.flannel.etcdv2.KeysApi;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that say where the network is, named as flanneld names them: the cluster's own store
 * and the usual keys if none is given.
 */
public final class NetworkKeys {
    private static final String EXAMPLE =
            "'{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}'";

    @Option(
            names = "--etcd-v2",
            description = "The network is in keys of etcd's v2 API, as flannel 0.13 keeps it.")
    private boolean etcdV2;

    @Option(
            names = "--etcd-prefix",
            paramLabel = "KEY",
            description = "Where the network's keys are (default: ${DEFAULT-VALUE}).")
    private String etcdPrefix = SubnetKeys.DEFAULT_PREFIX;

    @Option(
            names = "--etcd-endpoints",
            paramLabel = "URL,...",
            description = "The members of the network's store (default: the cluster's own).")
    private @Nullable String etcdEndpoints;

    @Option(
            names = "--etcd-certfile",
            paramLabel = "FILE",
            description = "Certificate for the store at --etcd-endpoints.")
    private @Nullable Path etcdCertFile;

    @Option(names = "--etcd-keyfile", paramLabel = "FILE", description = "Private key for it.")
    private @Nullable Path etcdKeyFile;

    @Option(
            names = "--etcd-cafile",
            paramLabel = "FILE",
            description = "Authorities that vouch for it.")
    private @Nullable Path etcdCaFile;

    @Option(names = "--etcd-username", paramLabel = "NAME", description = "User of the store.")
    private @Nullable String etcdUsername;

    @Option(
            names = "--etcd-password",
            paramLabel = "WORD",
            description = "The user's password; better given as FLANNELD_ETCD_PASSWORD.")
    private @Nullable String etcdPassword = System.getenv("FLANNELD_ETCD_PASSWORD");

    @Option(
            names = "--subnet-file",
            paramLabel = "FILE",
            description =
                    "Where hosts tell their subnet of this network (default: ${DEFAULT-VALUE}).")
    private Path subnetFile = FlannelConfig.DEFAULT_SUBNET_FILE;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    boolean etcdV2() {
        return etcdV2;
    }

    Path subnetFile() {
        return subnetFile;
    }

    SubnetKeys keys() {
        try {
            return new SubnetKeys(etcdPrefix);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String reason) {
        return new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(), reason);
    }

    /** Whether this machine is the one host to look at, as there are no virtual ones. */
    boolean isThisMachine(Session session) throws IOException {
        return session.isThisMachine() || (etcdEndpoints != null && !session.hasFiles());
    }

    EtcdEndpoints endpoints(Session session) throws IOException {
        check();
        EtcdEndpoints found =
                etcdEndpoints == null
                        ? PlaygroundNetwork.endpoints(session.access())
                        : named(etcdEndpoints);
        return etcdUsername == null
                ? found
                : found.as(new EtcdUser(etcdUsername, etcdPassword == null ? "" : etcdPassword));
    }

    private EtcdEndpoints named(String urls) {
        EtcdEndpoints found;
        try {
            found = EtcdEndpoints.parse(urls, tls());
        } catch (IllegalArgumentException e) {
            throw wrong("--etcd-endpoints: " + e.getMessage());
        }
        for (URI uri : found.uris()) {
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean unix = "unix".equals(uri.getScheme()) && !etcdV2;
            if (!unix && !(http && uri.getHost() != null)) {
                throw wrong(
                        "--etcd-endpoints names "
                                + uri
                                + " and must be URLs like http://10.0.0.1:2379");
            }
        }
        return found;
    }

    /** For a network in keys of v2. */
    KeysApi keysApi(Session session) throws IOException {
        EtcdEndpoints found = endpoints(session);
        TlsFiles files = found.tls();
        Path trusted = files == null ? etcdCaFile : files.trustedCa();
        return new KeysApi(found, TlsIdentity.clientContext(files, trusted, true));
    }

    private @Nullable TlsFiles tls() {
        return etcdCertFile == null || etcdKeyFile == null
                ? null
                : new TlsFiles(etcdCertFile, etcdKeyFile, etcdCaFile, false);
    }

    private void check() {
        if (etcdEndpoints != null && etcdEndpoints.contains("@")) {
            // Not shown: what stands before it may be a password.
            throw wrong(
                    "--etcd-endpoints names a user in a URL; give --etcd-username and"
                            + " FLANNELD_ETCD_PASSWORD");
        }
        boolean any = etcdCertFile != null || etcdKeyFile != null || etcdCaFile != null;
        if (any && etcdEndpoints == null) {
            throw wrong(
                    "--etcd-certfile, --etcd-keyfile and --etcd-cafile are for a store that"
                            + " --etcd-endpoints names; the cluster's own is reached without");
        }
        boolean half = (etcdCertFile == null) != (etcdKeyFile == null);
        if (half || (etcdCaFile != null && etcdCertFile == null && !etcdV2)) {
            throw wrong(
                    "--etcd-certfile and --etcd-keyfile belong together, and --etcd-cafile needs"
                            + " them but with --etcd-v2");
        }
    }

    /** There is none where the options say, and how to come to one. */
    PlaygroundException noNetwork(Session session) {
        String config = keys().config();
        if (etcdV2) {
            return new PlaygroundException(
                    "there is no network at "
                            + config
                            + " in keys of etcd's v2 API; leave out --etcd-v2 for one in keys of"
                            + " v3, or put one with \""
                            + ofV2(session, "set " + config + " " + EXAMPLE)
                            + "\" for hosts whose node.yaml has flannel.etcd-v2: true");
        }
        boolean usual = etcdEndpoints == null && etcdPrefix.equals(SubnetKeys.DEFAULT_PREFIX);
        return new PlaygroundException(
                "the cluster has no network at "
                        + config
                        + " (in keys of etcd's v2 API only --etcd-v2 would find it); give it one"
                        + " with \""
                        + (usual
                                ? session.command("up --network " + EXAMPLE)
                                : etcdctl(session, "put " + config + " " + EXAMPLE))
                        + "\"");
    }

    /** A command of etcdctl that works on the network's store. */
    private String etcdctl(Session session, String words) {
        return session.command(
                "etcdctl "
                        + (etcdEndpoints == null ? "" : "--endpoints=" + etcdEndpoints + " ")
                        + words);
    }

    /** The same in keys of v2. */
    String ofV2(Session session, String words) {
        return "ETCDCTL_API=2 " + etcdctl(session, words);
    }
}
