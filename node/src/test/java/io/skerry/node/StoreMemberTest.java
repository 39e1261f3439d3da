package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.MemberAddRequest;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.FreePorts;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.EtcdServer;
import io.skerry.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts' members on two addresses of loopback, as their node.yaml describes them. */
class StoreMemberTest {
    private static final String FIRST = "    h1: 127.0.0.1\n";
    private static final String SECOND = "    h2: 127.0.0.2\n";

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Network network = Network.start(1);
    private int peerPort;

    @TempDir Path directory;

    @BeforeEach
    void issueCertificates() throws IOException {
        peerPort = FreePorts.next();
        var authority = CertificateAuthority.create(directory.resolve("ca"), "test");
        for (var use : CertificateUse.values()) {
            var names = List.of("127.0.0.1", "127.0.0.2");
            authority
                    .issue(use, "h", use == CertificateUse.CLIENT ? List.of() : names)
                    .writeTo(directory.resolve("pki"), use.name().toLowerCase(Locale.ROOT));
        }
    }

    @AfterEach
    void closeNetwork() {
        network.close();
    }

    private EtcdServer start(String name, String address, String state, String members)
            throws Exception {
        var config =
                NodeConfig.parse(
                        "node.yaml",
                        """
                        name: %s
                        address: %s
                        roles: [etcd]
                        data-dir: %s
                        pki-dir: %s
                        store:
                          initial-cluster-state: %s
                          client-port: %d
                          peer-port: %d
                          members:
                        %s\
                        """
                                .formatted(
                                        name,
                                        address,
                                        directory.resolve(name),
                                        directory.resolve("pki"),
                                        state,
                                        FreePorts.next(),
                                        peerPort,
                                        members));
        return StoreMember.start(config, network, new Metrics(), _ -> {});
    }

    private static void add(EtcdServer member, String peerUrl) throws Exception {
        var request = MemberAddRequest.newBuilder().addPeerURLs(peerUrl).build();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            try {
                var _ =
                        member.inProcess()
                                .unary(EtcdMethods.MEMBER_ADD, request, Duration.ofSeconds(60))
                                .get(90, TimeUnit.SECONDS);
                return;
            } catch (Exception e) {
                if (e.toString().contains("Peer URLs already exists")) {
                    // An answer was lost.
                    return;
                }
                // There is no leader yet.
                assertThat(System.nanoTime() - until).as(e.toString()).isNegative();
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /** A write that meets the election of the two may be lost; a second time does no harm. */
    private static void put(EtcdClient client) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            try {
                client.put("a", ByteString.copyFromUtf8("1"));
                return;
            } catch (EtcdException e) {
                assertThat(System.nanoTime() - until).as(e.toString()).isNegative();
            }
        }
    }

    @Test
    void newHostsMemberJoinsAStoreThatRunsAndHasItsData() throws Exception {
        try (var first = start("h1", "127.0.0.1", "new", FIRST);
                var client = EtcdClient.over(first.inProcess(), LONG)) {
            add(first, "https://127.0.0.2:" + peerPort);
            try (var second = start("h2", "127.0.0.2", "existing", FIRST + SECOND);
                    var own = EtcdClient.over(second.inProcess(), LONG)) {
                put(client);
                assertThat(own.get("a").orElseThrow().text()).isEqualTo("1");
                assertThat(second.status().clusterId()).isEqualTo(first.status().clusterId());
                assertThat(second.status().members()).hasSize(2);
            }
        }
    }

    @Test
    void memberThatNobodyAddedDoesNotJoin() throws Exception {
        try (var _ = start("h1", "127.0.0.1", "new", FIRST)) {
            assertThatThrownBy(() -> start("h2", "127.0.0.2", "existing", FIRST + SECOND))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("member count is unequal");
        }
    }
}
