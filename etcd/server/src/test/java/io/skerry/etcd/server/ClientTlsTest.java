package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.AuthUserListRequest;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.FreePorts;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Which clients a member lets in, and who they are to it, by etcd's flags. */
class ClientTlsTest {
    private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private Path authorityDirectory;
    private CertificateAuthority authority;
    private TlsFiles member;
    private TlsFiles root;
    private TlsFiles other;

    @BeforeEach
    void issue() throws IOException {
        authorityDirectory = directory.resolve("ca");
        authority = CertificateAuthority.create(authorityDirectory, "ours");
        member = files(CertificateUse.SERVER, "member", "127.0.0.1");
        root = files(CertificateUse.CLIENT, "root", "root.example");
        other = files(CertificateUse.CLIENT, "other", "other.example");
    }

    private TlsFiles files(CertificateUse use, String name, String host) throws IOException {
        return authority.issue(use, name, List.of(host)).writeTo(directory.resolve(name), name);
    }

    /**
     * A member that serves.
     *
     * @param client port of the clients
     * @param metrics port of its own for who watches the member
     */
    private record Running(int client, int metrics) {}

    private interface Trial {
        void run(Running member) throws Exception;
    }

    private void running(Trial trial, String... flags) throws Exception {
        var running = new Running(FreePorts.next(), FreePorts.next());
        String peer = "http://127.0.0.1:" + FreePorts.next();
        String url = "https://127.0.0.1:" + running.client;
        var arguments =
                new ArrayList<String>(
                        List.of(
                                "--name=m",
                                "--data-dir=" + directory.resolve("m" + running.client),
                                "--listen-client-urls=" + url,
                                "--advertise-client-urls=" + url,
                                "--listen-metrics-urls=https://127.0.0.1:" + running.metrics,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=m=" + peer,
                                "--bcrypt-cost=4",
                                "--cert-file=" + member.certificate(),
                                "--key-file=" + member.key()));
        arguments.addAll(List.of(flags));
        var command = new EtcdCommand();
        new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
        var server = EtcdServer.start(command.config(), _ -> {});
        try {
            trial.run(running);
        } finally {
            server.close();
        }
    }

    private String trusted() {
        return "--trusted-ca-file=" + authority.certificateFile();
    }

    private static SSLContext context(TlsFiles files) throws IOException {
        return TlsIdentity.load(files).sslContext();
    }

    private static int status(int port, SSLContext client, String protocol, String target)
            throws IOException {
        return status(port, client, protocol, "GET", target, "");
    }

    /** The status of an answer; fails if the member lets nobody in that shows this. */
    private static int status(
            int port, SSLContext client, String protocol, String method, String target, String body)
            throws IOException {
        try (var socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setEnabledProtocols(new String[] {protocol});
            String request =
                    method
                            + " "
                            + target
                            + " HTTP/1.1\r\nhost: m\r\nconnection: close\r\ncontent-length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            var text = new String(answer, StandardCharsets.US_ASCII);
            if (!text.startsWith("HTTP/1.1 ")) {
                throw new IOException("no answer but \"" + text + "\"");
            }
            return Integer.parseInt(text.substring(9, 12));
        }
    }

    /** Until it has a leader, and even if a busy machine gives a handshake up. */
    private static void awaitStatus(
            int wanted, int port, SSLContext client, String protocol, String target)
            throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String last;
            try {
                int status = status(port, client, protocol, target);
                if (status == wanted) {
                    return;
                }
                last = "status " + status;
            } catch (IOException e) {
                last = e.toString();
            }
            assertThat(System.nanoTime() - until).as("last: " + last).isNegative();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void assertLetIn(int port, TlsFiles files) throws Exception {
        for (String protocol : PROTOCOLS) {
            awaitStatus(200, port, context(files), protocol, "/metrics");
        }
    }

    private static void assertRefused(int port, SSLContext client) {
        for (String protocol : PROTOCOLS) {
            assertThatThrownBy(() -> status(port, client, protocol, "/metrics"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoShowsNoCertificateIsRefusedAsSoonAsAnAuthorityIsGiven() throws Exception {
        var nobody = TlsIdentity.clientContext(null, authority.certificateFile(), true);
        for (String auth : List.of("--client-cert-auth=false", "--client-cert-auth")) {
            running(
                    member -> {
                        for (int port : List.of(member.client, member.metrics)) {
                            assertLetIn(port, other);
                            assertRefused(port, nobody);
                            assertLetIn(port, other);
                        }
                    },
                    trusted(),
                    auth);
        }
        running(member -> awaitStatus(200, member.client, nobody, "TLSv1.3", "/metrics"));
    }

    @Test
    void onlyAllowedHostsAreLetIn() throws Exception {
        running(
                member -> {
                    for (int port : List.of(member.client, member.metrics)) {
                        assertLetIn(port, other);
                        assertRefused(port, context(root));
                        assertLetIn(port, other);
                    }
                },
                trusted(),
                "--client-cert-allowed-hostname=first.example,other.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void revokedClientDoesNotGoOnWithItsSession(String protocol) throws Exception {
        Path list = directory.resolve("revoked.crl");
        RevocationList.write(list, authority, authorityDirectory);
        running(
                member -> {
                    // Keep their sessions, as clients do.
                    var revoked = context(other);
                    var watching = context(other);
                    awaitStatus(200, member.client, revoked, protocol, "/metrics");
                    awaitStatus(200, member.metrics, watching, protocol, "/metrics");
                    RevocationList.write(list, authority, authorityDirectory, other);
                    awaitRefused(member.client, revoked, protocol);
                    awaitRefused(member.metrics, watching, protocol);
                    assertLetIn(member.client, root);
                    assertRefused(member.client, revoked);
                },
                trusted(),
                "--client-crl-file=" + list);
    }

    private static void awaitRefused(int port, SSLContext client, String protocol) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                var _ = status(port, client, protocol, "/metrics");
            } catch (IOException e) {
                return;
            }
            assertThat(System.nanoTime() - until).as("still let in").isNegative();
        }
    }

    @Test
    void nameInACertificateIsAUserOnlyWhereItIsSaidSo() throws Exception {
        running(member -> assertThat(usersSeen(member)).isEqualTo("v2 401, v3 refused"), trusted());
        running(
                member -> assertThat(usersSeen(member)).isEqualTo("v2 200, v3 answered"),
                trusted(),
                "--client-cert-auth");
    }

    /** What root's certificate alone may see of users, in both APIs. */
    private String usersSeen(Running member) throws Exception {
        var asRoot = context(root);
        String protocol = PROTOCOLS.getLast();
        awaitStatus(200, member.client, asRoot, protocol, "/v2/keys?quorum=true");
        String user = "{\"user\":\"root\",\"password\":\"toor\"}";
        assertThat(status(member.client, asRoot, protocol, "PUT", "/v2/auth/users/root", user))
                .isEqualTo(201);
        assertThat(status(member.client, asRoot, protocol, "PUT", "/v2/auth/enable", ""))
                .isEqualTo(200);
        int v2 = status(member.client, asRoot, protocol, "/v2/auth/users");
        var endpoint = List.of(URI.create("https://127.0.0.1:" + member.client));
        try (var network = Network.start(1);
                var transport =
                        new NetworkTransport(
                                network, NetworkTransport.Options.of(endpoint, root))) {
            call(
                    transport,
                    EtcdMethods.USER_ADD,
                    AuthUserAddRequest.newBuilder().setName("root").setPassword("toor").build());
            call(
                    transport,
                    EtcdMethods.ROLE_ADD,
                    AuthRoleAddRequest.newBuilder().setName("root").build());
            call(
                    transport,
                    EtcdMethods.USER_GRANT_ROLE,
                    AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
            call(transport, EtcdMethods.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance());
            String v3;
            try {
                call(transport, EtcdMethods.USER_LIST, AuthUserListRequest.getDefaultInstance());
                v3 = "answered";
            } catch (ExecutionException e) {
                v3 = "refused";
            }
            return "v2 " + v2 + ", v3 " + v3;
        }
    }

    private static <Q extends MessageLite, R extends MessageLite> void call(
            NetworkTransport transport, GrpcMethod<Q, R> method, Q request) throws Exception {
        var _ = transport.unary(method, request, PATIENCE).get();
    }
}
