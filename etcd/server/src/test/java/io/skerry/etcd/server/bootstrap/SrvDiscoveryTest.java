package io.skerry.etcd.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.server.bootstrap.LoopbackDns.Srv;
import io.skerry.etcd.server.membership.InitialCluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SrvDiscoveryTest {
    private static final String PLAIN = "_etcd-server._tcp.example.test";
    private static final String SECURE = "_etcd-server-ssl._tcp.example.test";

    private static InitialCluster find(LoopbackDns dns, String serviceName, String ownUrl)
            throws IOException {
        return new SrvDiscovery("example.test", serviceName, "token", dns.address())
                .find(InitialCluster.parse("token", "me=" + ownUrl), "me");
    }

    @Test
    void membersAreTheRecordsAndTheOwnOneGetsTheOwnName() throws Exception {
        var records =
                Map.of(
                        PLAIN,
                        List.of(
                                new Srv(2380, "one.example.test"),
                                new Srv(2380, "two.example.test"),
                                new Srv(12380, "two.example.test")));
        try (var dns = new LoopbackDns(records)) {
            assertThat(find(dns, "", "http://two.example.test:2380").members())
                    .isEqualTo(
                            Map.of(
                                    "0",
                                    List.of("http://one.example.test:2380"),
                                    "me",
                                    List.of("http://two.example.test:2380"),
                                    "2",
                                    List.of("http://two.example.test:12380")));
            assertThat(dns.asked).contains(SECURE, PLAIN);
        }
    }

    @Test
    void recordsOfBothSchemesAreJoinedAndAddressesCount() throws Exception {
        var records =
                Map.of(
                        SECURE, List.of(new Srv(2380, "localhost")),
                        PLAIN, List.of(new Srv(2381, "other.example.test")));
        try (var dns = new LoopbackDns(records)) {
            assertThat(find(dns, "", "https://127.0.0.1:2380").members())
                    .isEqualTo(
                            Map.of(
                                    "me",
                                    List.of("https://localhost:2380"),
                                    "1",
                                    List.of("http://other.example.test:2381")));
        }
    }

    @Test
    void serviceNameTellsClustersOfADomainApart() throws Exception {
        var records =
                Map.of(
                        "_etcd-server-blue._tcp.example.test",
                        List.of(new Srv(2380, "blue.example.test")));
        try (var dns = new LoopbackDns(records)) {
            assertThat(find(dns, "blue", "http://blue.example.test:2380").members())
                    .containsOnlyKeys("me");
            assertThatThrownBy(() -> find(dns, "", "http://blue.example.test:2380"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("error querying DNS SRV records of example.test")
                    .hasMessageContaining(PLAIN)
                    .hasMessageContaining(SECURE);
        }
    }

    @Test
    void memberWithoutARecordIsToldWhatTheRecordsMake() throws Exception {
        var records = Map.of(PLAIN, List.of(new Srv(2380, "one.example.test")));
        try (var dns = new LoopbackDns(records)) {
            assertThatThrownBy(() -> find(dns, "", "http://two.example.test:2380"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no record of example.test leads to")
                    .hasMessageContaining("http://one.example.test:2380");
        }
    }
}
