package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.PutRequest;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.FreePorts;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.client.EtcdMethods;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Members that make their certificates themselves. */
class AutoTlsTest {
    @TempDir private Path directory;

    private EtcdConfig config(int member, List<Integer> clients, List<Integer> peers) {
        var cluster = new ArrayList<String>();
        for (int i = 0; i < peers.size(); i++) {
            cluster.add("m" + i + "=https://127.0.0.1:" + peers.get(i));
        }
        var command = new EtcdCommand();
        new CommandLine(command)
                .parseArgs(
                        "--name=m" + member,
                        "--data-dir=" + directory.resolve("m" + member),
                        "--listen-client-urls=https://127.0.0.1:" + clients.get(member),
                        "--advertise-client-urls=https://127.0.0.1:" + clients.get(member),
                        "--listen-peer-urls=https://127.0.0.1:" + peers.get(member),
                        "--initial-advertise-peer-urls=https://127.0.0.1:" + peers.get(member),
                        "--initial-cluster=" + String.join(",", cluster),
                        "--auto-tls",
                        "--peer-auto-tls");
        return command.config();
    }

    @Test
    void membersWithTheirOwnCertificatesAgreeAndServe() throws Exception {
        var clients = List.of(FreePorts.next(), FreePorts.next(), FreePorts.next());
        var peers = List.of(FreePorts.next(), FreePorts.next(), FreePorts.next());
        var servers = new ArrayList<EtcdServer>();
        try (var network = Network.start(1)) {
            for (int i = 0; i < 3; i++) {
                servers.add(EtcdServer.start(config(i, clients, peers), _ -> {}));
            }
            Path fixtures = directory.resolve("m0/fixtures/client");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(fixtures.resolve("cert.key"))))
                    .isEqualTo("rw-------");
            var trusting =
                    new TlsFiles(
                            fixtures.resolve("cert.crt"),
                            fixtures.resolve("cert.key"),
                            fixtures.resolve("ca.crt"),
                            false);
            var endpoint = List.of(URI.create("https://127.0.0.1:" + clients.getFirst()));
            try (var transport =
                    new NetworkTransport(
                            network, NetworkTransport.Options.of(endpoint, trusting))) {
                assertThat(put(transport)).isTrue();
            }
            var before = Files.readString(fixtures.resolve("cert.crt"));
            config(0, clients, peers);
            assertThat(fixtures.resolve("cert.crt")).hasContent(before);
        } finally {
            servers.forEach(EtcdServer::close);
        }
    }

    /** Puts as soon as there is a leader. */
    private static boolean put(NetworkTransport transport) throws InterruptedException {
        var request =
                PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("a"))
                        .setValue(ByteString.copyFromUtf8("b"))
                        .build();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            try {
                transport.unary(EtcdMethods.PUT, request, Duration.ofSeconds(15)).get();
                return true;
            } catch (ExecutionException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        return false;
    }
}
