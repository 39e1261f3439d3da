package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration says beside the backend's type, with whole daemons on the real kernel. */
class BackendOptionsTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void optionsOfVxlanReachTheDeviceThatCarries() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configure(
                    "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\",\"VNI\":7,"
                            + "\"Port\":4789,\"GBP\":true,\"MTU\":1400}}");
            members.startAll();

            members.awaitAllReachEachOther();

            assertThat(members.host(1).ip("-d", "link", "show", "flannel.7"))
                    .contains("vxlan id 7 ", "dstport 4789", " gbp", "nolearning", "mtu 1350");
            assertThat(members.routes(1)).contains(members.subnet(2) + " via");
            assertThat(Files.readString(members.file(1))).contains("FLANNEL_MTU=1350\n");
        }
    }

    @Test
    void directRoutingNeedsNoTunnelOnOneLink() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configure(
                    "{\"Network\":\"10.77.0.0/16\","
                            + "\"Backend\":{\"Type\":\"vxlan\",\"DirectRouting\":true}}");
            members.startAll();

            members.awaitAllReachEachOther();

            assertThat(members.routes(1)).contains(members.subnet(2) + " via 10.88.0.12 dev eth0");
            assertThat(members.host(1).ip("neigh", "show", "dev", "flannel.1")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vxlan", "host-gw"})
    void networkOfIpv6AloneCarries(String backend) throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configure(
                    "{\"EnableIPv4\":false,\"EnableIPv6\":true,\"IPv6Network\":\"fd77::/48\","
                            + "\"Backend\":{\"Type\":\""
                            + backend
                            + "\"}}");
            for (int number = 1; number <= 2; number++) {
                members.start(number);
            }
            for (int number = 1; number <= 2; number++) {
                members.awaitReady(number);
                members.host(number)
                        .ip("addr", "add", members.container(number) + "/128", "dev", "lo");
            }

            members.awaitAllReachEachOther();

            assertThat(members.subnet(1).toString()).startsWith("fd77:").endsWith("/64");
            assertThat(Files.readString(members.file(1)))
                    .contains("FLANNEL_IPV6_SUBNET=" + members.subnet(1).first().plus(1) + "/64")
                    .doesNotContain("FLANNEL_SUBNET");
            String peer = members.subnet(2).toString();
            members.host(1).ip("-6", "route", "del", peer);
            Await.until(
                    "the route is back", () -> members.host(1).ip("-6", "route").contains(peer));
        }
    }
}
