package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.FreePorts;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whom a member lets in at its peers' port, and whom it goes to, by etcd's flags. */
class PeerTlsTest {
    private static final String TLS_1_2 = "TLSv1.2";
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String AES_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

    @TempDir private Path directory;
    private Path authorityDirectory;
    private CertificateAuthority authority;
    private TlsFiles member;
    private TlsFiles other;

    @BeforeEach
    void issue() throws IOException {
        authorityDirectory = directory.resolve("ca");
        authority = CertificateAuthority.create(authorityDirectory, "ours");
        member = files("member", "member.example");
        other = files("other", "other.example");
    }

    private TlsFiles files(String name, String host) throws IOException {
        return authority
                .issue(CertificateUse.PEER, name, List.of("127.0.0.1", host))
                .writeTo(directory.resolve(name), name);
    }

    private void revoke(Path file, TlsFiles... revoked) throws Exception {
        RevocationList.write(file, authority, authorityDirectory, revoked);
    }

    /** The members of one cluster, of which any may run. */
    private final class Cluster {
        private final List<Integer> clients = new ArrayList<>();
        private final List<Integer> peers = new ArrayList<>();

        Cluster(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                clients.add(FreePorts.next());
                peers.add(FreePorts.next());
            }
        }

        EtcdServer start(int i, TlsFiles files, String... flags) throws IOException {
            var cluster = new ArrayList<String>();
            for (int m = 0; m < peers.size(); m++) {
                cluster.add("m" + m + "=https://127.0.0.1:" + peers.get(m));
            }
            var arguments =
                    new ArrayList<String>(
                            List.of(
                                    "--name=m" + i,
                                    "--data-dir=" + directory.resolve("m" + i),
                                    "--listen-client-urls=" + client(i),
                                    "--advertise-client-urls=" + client(i),
                                    "--listen-peer-urls=https://127.0.0.1:" + peers.get(i),
                                    "--initial-advertise-peer-urls=https://127.0.0.1:"
                                            + peers.get(i),
                                    "--initial-cluster=" + String.join(",", cluster),
                                    "--peer-cert-file=" + files.certificate(),
                                    "--peer-key-file=" + files.key(),
                                    "--peer-trusted-ca-file=" + files.trustedCa()));
            arguments.addAll(List.of(flags));
            var command = new EtcdCommand();
            new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
            return EtcdServer.start(command.config(), _ -> {});
        }

        URI client(int i) {
            return URI.create("http://127.0.0.1:" + clients.get(i));
        }

        int peerPort(int i) {
            return peers.get(i);
        }
    }

    private interface Trial {
        void run(int port) throws Exception;
    }

    private void listening(Trial trial, String... flags) throws Exception {
        var cluster = new Cluster(1);
        var server = cluster.start(0, member, flags);
        try {
            trial.run(cluster.peerPort(0));
        } finally {
            server.close();
        }
    }

    /** One handshake; in TLS 1.2 it ends only when the member has accepted the certificate. */
    private static SSLSession dial(
            int port, SSLContext context, List<String> protocols, List<String> suites)
            throws IOException {
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), port);
                var socket =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(plain, "127.0.0.1", port, true)) {
            socket.setSoTimeout(60_000);
            socket.setEnabledProtocols(protocols.toArray(String[]::new));
            if (!suites.isEmpty()) {
                socket.setEnabledCipherSuites(suites.toArray(String[]::new));
            }
            socket.startHandshake();
            return socket.getSession();
        }
    }

    /** Dials until it is let in: the member gives a slow handshake up. */
    private static SSLSession letIn(
            int port, TlsFiles files, List<String> protocols, List<String> suites)
            throws Exception {
        var context = TlsIdentity.load(files).sslContext();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return dial(port, context, protocols, suites);
            } catch (IOException e) {
                if (System.nanoTime() - until > 0) {
                    throw new AssertionError("not let in", e);
                }
            }
        }
    }

    private static void assertLetIn(int port, TlsFiles files) throws Exception {
        assertThat(letIn(port, files, List.of(TLS_1_2), List.of()).getProtocol())
                .isEqualTo(TLS_1_2);
    }

    private static void assertRefused(int port, TlsFiles files) throws IOException {
        var context = TlsIdentity.load(files).sslContext();
        assertThatThrownBy(() -> dial(port, context, List.of(TLS_1_2), List.of()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoShowsNoCertificateIsRefusedAsSoonAsAnAuthorityIsGiven() throws Exception {
        var nobody = TlsIdentity.clientContext(null, authority.certificateFile(), true);
        listening(port -> {
            assertLetIn(port, other);
            assertThatThrownBy(() -> dial(port, nobody, List.of(TLS_1_2), List.of()))
                    .isInstanceOf(IOException.class);
            assertLetIn(port, other);
        });
    }

    @Test
    void revokedPeerIsRefusedAsSoonAsTheListSaysSo() throws Exception {
        Path list = directory.resolve("revoked.crl");
        revoke(list);
        listening(
                port -> {
                    assertLetIn(port, other);
                    revoke(list, other);
                    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                    boolean refused = false;
                    while (!refused) {
                        assertThat(System.nanoTime() - until).as("still let in").isNegative();
                        try {
                            var context = TlsIdentity.load(other).sslContext();
                            dial(port, context, List.of(TLS_1_2), List.of());
                        } catch (IOException e) {
                            refused = true;
                        }
                    }
                    assertLetIn(port, member);
                    assertRefused(port, other);
                },
                "--peer-crl-file=" + list);
    }

    @Test
    void onlyAllowedNamesAndHostsAreLetIn() throws Exception {
        for (String flag :
                List.of(
                        "--peer-cert-allowed-cn=first,other",
                        "--peer-cert-allowed-hostname=first.example,other.example")) {
            listening(
                    port -> {
                        assertLetIn(port, other);
                        assertRefused(port, member);
                        assertLetIn(port, other);
                    },
                    flag);
        }
    }

    @Test
    void onlyAllowedVersionsAreSpoken() throws Exception {
        var context = TlsIdentity.load(other).sslContext();
        listening(
                port -> {
                    var both = letIn(port, other, List.of(TLS_1_3, TLS_1_2), List.of());
                    assertThat(both.getProtocol()).isEqualTo(TLS_1_3);
                    assertThatThrownBy(() -> dial(port, context, List.of(TLS_1_2), List.of()))
                            .isInstanceOf(IOException.class);
                },
                "--tls-min-version=TLS1.3");
        listening(
                port -> {
                    var both = letIn(port, other, List.of(TLS_1_3, TLS_1_2), List.of());
                    assertThat(both.getProtocol()).isEqualTo(TLS_1_2);
                    assertThatThrownBy(() -> dial(port, context, List.of(TLS_1_3), List.of()))
                            .isInstanceOf(IOException.class);
                },
                "--tls-max-version=TLS1.2");
    }

    @Test
    void onlyAllowedSuitesAreSpoken() throws Exception {
        var context = TlsIdentity.load(other).sslContext();
        listening(
                port -> {
                    var any = letIn(port, other, List.of(TLS_1_2), List.of(AES_256, AES_128));
                    assertThat(any.getCipherSuite()).isEqualTo(AES_128);
                    assertThatThrownBy(
                                    () -> dial(port, context, List.of(TLS_1_2), List.of(AES_256)))
                            .isInstanceOf(IOException.class);
                },
                "--cipher-suites=" + AES_128);
    }

    @Test
    void memberOfAnotherNameCannotJoin() throws Exception {
        assertCannotJoin(other, "--peer-cert-allowed-cn=member");
    }

    @Test
    void memberWithARevokedCertificateCannotJoin() throws Exception {
        Path list = directory.resolve("revoked.crl");
        revoke(list, other);
        assertCannotJoin(other, "--peer-crl-file=" + list);
    }

    /** Two of three agree without the third, which takes part as soon as it shows another one. */
    private void assertCannotJoin(TlsFiles refused, String flag) throws Exception {
        var cluster = new Cluster(3);
        var servers = new ArrayList<EtcdServer>();
        try (var first = V2Client.of(cluster.client(0));
                var third = V2Client.of(cluster.client(2))) {
            servers.add(cluster.start(0, member, flag));
            servers.add(cluster.start(1, member, flag));
            var stranger = cluster.start(2, refused, flag);
            try {
                first.awaitServing();
                assertThat(first.put("/v2/keys/a", "value=1").status()).isEqualTo(201);
                var without = third.get("/v2/keys/a?quorum=true");
                assertThat(without.status()).as(without.body()).isEqualTo(500);
                assertThat(third.get("/v2/keys/a").status()).isEqualTo(404);
            } finally {
                stranger.close();
            }
            servers.add(cluster.start(2, member, flag));
            third.awaitServing();
            assertThat(third.get("/v2/keys/a?quorum=true").body()).contains("\"value\":\"1\"");
        } finally {
            servers.forEach(EtcdServer::close);
        }
    }
}
