package io.skerry.etcd.server;

import static io.skerry.etcd.client.Downgrade.Action.CANCEL;
import static io.skerry.etcd.client.Downgrade.Action.ENABLE;
import static io.skerry.etcd.client.Downgrade.Action.VALIDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.FreePorts;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.Downgrade;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.consensus.peer.Versions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Members of an older and a newer program in one cluster, as during an upgrade. */
class TwoVersionsTest {
    private static final Versions OLD = new Versions(2, 2, 5, 5);
    private static final Versions NEW = new Versions(2, 3, 5, 6);

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Network network = Network.start(1);
    private final List<@Nullable EtcdServer> servers = new ArrayList<>();
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();

    @TempDir Path directory;

    @AfterEach
    void closeAll() {
        for (EtcdServer server : servers) {
            if (server != null) {
                server.close();
            }
        }
        network.close();
    }

    private void grow(int members) throws IOException {
        for (int i = 0; i < members; i++) {
            clientPorts.add(FreePorts.next());
            peerPorts.add(FreePorts.next());
            servers.add(null);
        }
    }

    private static String local(int port) {
        return "http://127.0.0.1:" + port;
    }

    private void start(int i, Versions versions) throws IOException {
        String cluster =
                IntStream.range(0, peerPorts.size())
                        .mapToObj(m -> "m" + m + "=" + local(peerPorts.get(m)))
                        .collect(Collectors.joining(","));
        var command = new EtcdCommand();
        new CommandLine(command)
                .parseArgs(
                        "--name=m" + i,
                        "--data-dir=" + directory.resolve("m" + i),
                        "--listen-client-urls=" + local(clientPorts.get(i)),
                        "--advertise-client-urls=" + local(clientPorts.get(i)),
                        "--listen-peer-urls=" + local(peerPorts.get(i)),
                        "--initial-advertise-peer-urls=" + local(peerPorts.get(i)),
                        "--initial-cluster=" + cluster);
        servers.set(
                i,
                EtcdServer.start(
                        command.config(),
                        List.of(),
                        network,
                        new Metrics(),
                        versions,
                        reason -> {}));
    }

    private void stop(int i) {
        server(i).close();
        servers.set(i, null);
    }

    private EtcdServer server(int i) {
        EtcdServer server = servers.get(i);
        assertThat(server).isNotNull();
        return server;
    }

    private String clusterVersion(int i) {
        try (var http = HttpClient.newHttpClient()) {
            URI uri = URI.create(local(clientPorts.get(i)) + "/version");
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "not served: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private void awaitVersion(int i, String version) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!clusterVersion(i).contains("\"etcdcluster\":\"" + version)) {
            assertThat(System.nanoTime() - until).as(clusterVersion(i)).isNegative();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** What one member writes all others serve. */
    private void assertServes(int writer, String value) throws Exception {
        try (var client = EtcdClient.over(server(writer).inProcess(), LONG)) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (true) {
                try {
                    client.put("a", ByteString.copyFromUtf8(value));
                    break;
                } catch (Exception e) {
                    // A leader is being elected.
                    assertThat(System.nanoTime() - until).as(e.toString()).isNegative();
                }
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            try (var client = EtcdClient.over(server(i).inProcess(), LONG)) {
                assertThat(client.get("a").orElseThrow().text()).isEqualTo(value);
            }
        }
    }

    @Test
    void clusterFollowsTheOldestMemberAndRisesWhenAllAreNew() throws Exception {
        grow(3);
        for (int i = 0; i < 3; i++) {
            start(i, OLD);
        }
        awaitVersion(0, "3.5.0");
        assertServes(0, "all old");
        for (int i = 0; i < 3; i++) {
            stop(i);
            start(i, NEW);
            assertServes(i, "upgraded " + i);
            assertServes((i + 1) % 3, "beside " + i);
            if (i < 2) {
                assertThat(clusterVersion(i)).contains("\"etcdcluster\":\"3.5.0\"");
            }
        }
        for (int i = 0; i < 3; i++) {
            awaitVersion(i, "3.6.0");
        }
        assertServes(2, "all new");
    }

    @Test
    void olderProgramDoesNotTakeUpTheDataOfANewerCluster() throws Exception {
        grow(1);
        start(0, NEW);
        awaitVersion(0, "3.6.0");
        stop(0);
        assertThatThrownBy(() -> start(0, OLD))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be used: the cluster has version 3.6")
                .hasMessageContaining("run a program of the cluster's version");
        start(0, NEW);
        assertServes(0, "still there");
    }

    private Downgrade downgrade(Downgrade.Action action, String target) throws Exception {
        var request = action.request(ByteString.copyFromUtf8(target));
        try (var transport = server(0).inProcess()) {
            return Downgrade.decode(transport.unary(EtcdMethods.DOWNGRADE, request, LONG).get());
        }
    }

    private void refused(Downgrade.Action action, String target, GrpcCode code, String words) {
        assertThatThrownBy(() -> downgrade(action, target))
                .cause()
                .isInstanceOfSatisfying(
                        GrpcException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(words);
    }

    @Test
    void downgradeIsAskedForBegunOnceAndCancelled() throws Exception {
        var invalid = "etcdserver: invalid downgrade target version";
        var format = "etcdserver: wrong downgrade target version format";
        grow(1);
        start(0, NEW);
        awaitVersion(0, "3.6.0");
        for (String target : List.of("", "3", "3.x", "3.5.", "3.5-rc", "3.5.0.0", "v3.5")) {
            refused(VALIDATE, target, GrpcCode.INVALID_ARGUMENT, format);
        }
        for (String target : List.of("3.6", "3.7.0", "3.4", "4.5", "2.5.1", "3.4294967301")) {
            refused(VALIDATE, target, GrpcCode.INVALID_ARGUMENT, invalid);
        }
        refused(ENABLE, "3.4.0", GrpcCode.INVALID_ARGUMENT, invalid);
        refused(CANCEL, "", GrpcCode.FAILED_PRECONDITION, "etcdserver: no inflight downgrade job");
        for (String target : List.of("3.5", "3.5.0", "3.5.9-rc.1+build")) {
            var granted = downgrade(VALIDATE, target);
            assertThat(granted.version()).isEqualTo("3.6.0");
            assertThat(granted.header().getRevision()).isPositive();
        }

        assertThat(downgrade(ENABLE, "3.5").version()).isEqualTo("3.6.0");
        awaitVersion(0, "3.5.0");
        // The cluster is at the target now, from which it would go to 3.4 next.
        refused(ENABLE, "3.5", GrpcCode.INVALID_ARGUMENT, invalid);
        assertThat(downgrade(CANCEL, "").version()).isEqualTo("3.5.0");
        awaitVersion(0, "3.6.0");
    }
}
