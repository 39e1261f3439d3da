package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a command believes that it speaks to. */
class ServerNameTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private CertificateAuthority authority;
    private TlsFiles client;

    @BeforeEach
    void issue() throws IOException {
        authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        client = files(authority, CertificateUse.CLIENT, "client", "client.example");
    }

    private TlsFiles files(
            CertificateAuthority by, CertificateUse use, String file, String validFor)
            throws IOException {
        return by.issue(use, "somebody", List.of(validFor)).writeTo(directory.resolve(file), file);
    }

    private static int ask(TlsFiles server, TlsFiles client, String host) throws Exception {
        var files = new TlsFiles(server.certificate(), server.key(), null, false);
        var router = new HttpRouter().route("GET", "/", _ -> HttpReply.text(200, "hello"));
        try (var network = Network.start(1);
                var listener =
                        HttpListener.start(
                                network,
                                new ListenUrl.Tcp("0.0.0.0", 0, true),
                                HttpListener.Options.of(files, router));
                var http =
                        BlockingHttp.reusing(
                                new ListenUrl.Tcp(host, listener.port(), true), client, TIMEOUT);
                var response = http.send("GET", "/", Map.of(), new byte[0])) {
            return response.status();
        }
    }

    /** The authority makes all servers valid for localhost and its usual address. */
    @ParameterizedTest
    @CsvSource({
        "server.example, 127.0.0.1",
        "server.example, localhost",
        "server.example, LOCALHOST",
        "127.0.0.3, 127.0.0.3"
    })
    void aServerWithTheNameOfItsUrlIsBelieved(String validFor, String host) throws Exception {
        var server = files(authority, CertificateUse.SERVER, "server", validFor);

        assertThat(ask(server, client, host)).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.2", "127.0.0.30", "server.example", "*.0.0.3"})
    void aServerWithAnotherNameIsRefused(String validFor) throws Exception {
        var server = files(authority, CertificateUse.SERVER, "server", validFor);

        assertThatThrownBy(() -> ask(server, client, "127.0.0.3"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("TLS: ");
    }

    @Test
    void aServerOfAnotherAuthorityIsRefusedWhateverItsName() throws Exception {
        var theirs = CertificateAuthority.create(directory.resolve("other"), "theirs");
        var server = files(theirs, CertificateUse.SERVER, "server", "127.0.0.1");

        assertThatThrownBy(() -> ask(server, client, "127.0.0.1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("TLS: ");
    }

    @Test
    void aClientsCertificateIsNoServers() throws Exception {
        var server = files(authority, CertificateUse.CLIENT, "server", "127.0.0.1");

        assertThatThrownBy(() -> ask(server, client, "127.0.0.1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("TLS: ");
    }
}
