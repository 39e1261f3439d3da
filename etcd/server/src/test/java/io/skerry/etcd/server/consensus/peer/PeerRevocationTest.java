package io.skerry.etcd.server.consensus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.net.FreePorts;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsRules;
import io.skerry.etcd.server.RevocationList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A revoked peer is not let in by a session of the time before. */
class PeerRevocationTest {
    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void revokedPeerDoesNotGoOnWithItsSession(String protocol) throws Exception {
        Path authorityDirectory = directory.resolve("ca");
        var authority = CertificateAuthority.create(authorityDirectory, "ours");
        Path list = directory.resolve("revoked.crl");
        RevocationList.write(list, authority, authorityDirectory);
        var own = files(authority, "own");
        var other = files(authority, "other");
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next());
        var options =
                new PeerOptions(
                        1,
                        1,
                        Versions.CURRENT,
                        List.of(address),
                        Map.of(),
                        with(own, rules(list, "TLSv1.3", "TLSv1.2")));
        // Keeps its sessions, as a member does.
        var peer = new PeerTls(with(other, rules(null, protocol)));
        try (var network = new PeerNetwork(options)) {
            network.start();
            await(true, peer, address);
            RevocationList.write(list, authority, authorityDirectory, other);
            await(false, peer, address);
            // Nor does the session keep it from showing another one.
            var fresh = files(authority, "fresh");
            Files.copy(fresh.key(), other.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    fresh.certificate(), other.certificate(), StandardCopyOption.REPLACE_EXISTING);
            await(true, peer, address);
        }
    }

    private TlsFiles files(CertificateAuthority authority, String name) throws IOException {
        return authority
                .issue(CertificateUse.PEER, name, List.of("127.0.0.1", "localhost"))
                .writeTo(directory.resolve(name), name);
    }

    private static TlsRules rules(@Nullable Path list, String... protocols) {
        return new TlsRules(list, List.of(), List.of(), List.of(protocols), List.of(), false);
    }

    private static TlsFiles with(TlsFiles files, TlsRules rules) {
        return new TlsFiles(files.certificate(), files.key(), files.trustedCa(), true, rules);
    }

    private static void await(boolean wanted, PeerTls peer, InetSocketAddress address) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (welcome(peer, address) != wanted) {
            assertThat(System.nanoTime() - until).as("let in: " + !wanted).isNegative();
        }
    }

    private static boolean welcome(PeerTls peer, InetSocketAddress address) {
        try (var plain = new Socket(address.getAddress(), address.getPort());
                var socket = peer.client(plain, address)) {
            socket.setSoTimeout(60_000);
            Handshake.inquiry(Versions.CURRENT)
                    .write(new DataOutputStream(socket.getOutputStream()));
            return Handshake.awaitWelcome(new DataInputStream(socket.getInputStream())) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
