package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.Pem;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.base.tls.TlsRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener asks of a client's certificate beyond a trusted issuer. */
class TlsRulesTest {
    private static final List<String> BOTH = List.of("TLSv1.3", "TLSv1.2");

    @TempDir private Path directory;
    private Path authorityDirectory;
    private CertificateAuthority authority;
    private TlsFiles server;
    private TlsFiles ada;
    private TlsFiles bob;

    @BeforeEach
    void issue() throws IOException {
        authorityDirectory = directory.resolve("ca");
        authority = CertificateAuthority.create(authorityDirectory, "ours");
        server = files(CertificateUse.SERVER, "server", List.of("127.0.0.1"));
        ada = files(CertificateUse.CLIENT, "ada", List.of("ada.example"));
        bob = files(CertificateUse.CLIENT, "bob", List.of("*.example"));
    }

    private TlsFiles files(CertificateUse use, String name, List<String> hosts) throws IOException {
        return authority.issue(use, name, hosts).writeTo(directory.resolve(name), name);
    }

    /** Whether a client is served, with what it offers. */
    private static boolean served(HttpListener listener, TlsFiles client, String... protocols)
            throws IOException {
        return served(listener, TlsIdentity.load(client).sslContext(), protocols);
    }

    /** As the other one, by a client that keeps its sessions. */
    private static boolean served(HttpListener listener, SSLContext client, String... protocols)
            throws IOException {
        var factory = client.getSocketFactory();
        try (var socket = (SSLSocket) factory.createSocket("127.0.0.1", listener.port())) {
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200");
        } catch (javax.net.ssl.SSLException | java.net.SocketException e) {
            return false;
        }
    }

    private interface Trial {
        void run(HttpListener listener) throws Exception;
    }

    private void listening(TlsRules rules, Trial trial) throws Exception {
        var files =
                new TlsFiles(server.certificate(), server.key(), server.trustedCa(), true, rules);
        var router = new HttpRouter().route("GET", "/", _ -> HttpReply.text(200, "hello"));
        try (var network = Network.start(1);
                var listener =
                        HttpListener.start(
                                network,
                                new ListenUrl.Tcp("127.0.0.1", 0, true),
                                HttpListener.Options.of(files, router))) {
            trial.run(listener);
        }
    }

    private static TlsRules rules(
            @Nullable Path revocations, List<String> names, List<String> hosts) {
        return new TlsRules(revocations, names, hosts, BOTH, List.of(), false);
    }

    private void revoke(Path file, TlsFiles... revoked) throws Exception {
        var signer =
                new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(
                                Pem.privateKey(
                                        authorityDirectory.resolve(CertificateAuthority.KEY_FILE)));
        var list = new JcaX509v2CRLBuilder(authority.certificate(), Date.from(Instant.now()));
        for (TlsFiles files : revoked) {
            list.addCRLEntry(
                    Pem.certificates(files.certificate()).getFirst().getSerialNumber(),
                    Date.from(Instant.now()),
                    0);
        }
        Path fresh = directory.resolve("fresh.crl");
        Files.write(fresh, list.build(signer).getEncoded());
        Files.move(
                fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void revokedCertificateIsRefusedAsSoonAsTheListSaysSo() throws Exception {
        Path list = directory.resolve("revoked.crl");
        revoke(list);
        listening(
                rules(list, List.of(), List.of()),
                listener -> {
                    assertThat(served(listener, ada)).isTrue();
                    revoke(list, ada);
                    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                    while (served(listener, ada)) {
                        assertThat(System.nanoTime()).as("still served").isLessThan(until);
                    }
                    assertThat(served(listener, bob)).isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void revokedClientDoesNotGoOnWithItsSession(String protocol) throws Exception {
        Path list = directory.resolve("revoked.crl");
        revoke(list);
        listening(
                rules(list, List.of(), List.of()),
                listener -> {
                    SSLContext client = TlsIdentity.load(ada).sslContext();
                    await(true, listener, client, protocol);
                    revoke(list, ada);
                    await(false, listener, client, protocol);
                    // Nor does the session keep it from showing another one.
                    Files.copy(bob.key(), ada.key(), StandardCopyOption.REPLACE_EXISTING);
                    Files.copy(
                            bob.certificate(),
                            ada.certificate(),
                            StandardCopyOption.REPLACE_EXISTING);
                    await(true, listener, client, protocol);
                });
    }

    private static void await(
            boolean wanted, HttpListener listener, SSLContext client, String protocol)
            throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (served(listener, client, protocol) != wanted) {
            assertThat(System.nanoTime() - until).as("served: " + !wanted).isNegative();
        }
    }

    @Test
    void onlyAllowedNamesAreServed() throws Exception {
        listening(
                rules(null, List.of("ada"), List.of()),
                listener -> {
                    assertThat(served(listener, ada)).isTrue();
                    assertThat(served(listener, bob)).isFalse();
                });
        listening(
                rules(null, List.of(), List.of("eve.example")),
                listener -> {
                    assertThat(served(listener, ada)).isFalse();
                    assertThat(served(listener, bob)).isTrue();
                });
    }

    @Test
    void olderVersionThanAllowedIsRefused() throws Exception {
        var newest = TlsRules.protocols("TLS1.3", "", "--tls-min-version");
        listening(
                new TlsRules(null, List.of(), List.of(), newest, List.of(), false),
                listener -> {
                    assertThat(served(listener, ada, "TLSv1.3")).isTrue();
                    assertThat(served(listener, ada, "TLSv1.2")).isFalse();
                });
        listening(
                new TlsRules(
                        null,
                        List.of(),
                        List.of(),
                        BOTH,
                        List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                        false),
                listener -> {
                    // The server's key is no RSA key, so of TLS 1.2 nothing is left.
                    assertThat(served(listener, ada, "TLSv1.3")).isTrue();
                    assertThat(served(listener, ada, "TLSv1.2")).isFalse();
                });
    }

    @Test
    void wrongRulesAreRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> TlsRules.protocols("TLS1.0", "", "--tls-min-version"))
                .hasMessage("--tls-min-version: \"TLS1.0\" must be TLS1.2 or TLS1.3");
        assertThatThrownBy(() -> TlsRules.protocols("TLS1.3", "TLS1.2", "versions"))
                .hasMessageContaining("is newer than");
        assertThatThrownBy(() ->
                        new TlsRules(
                                null,
                                List.of(),
                                List.of(),
                                BOTH,
                                List.of("TLS_RSA_WITH_NULL_MD5"),
                                false))
                .hasMessageContaining("TLS_RSA_WITH_NULL_MD5")
                .hasMessageContaining("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    }
}
