package io.skerry.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlannelSettingsTest {
    private static final String HOST =
            """
            name: h1
            address: 10.88.0.11
            store:
              members: {h1: 10.88.0.11}
            """;

    @Test
    void hostTakesPartOverItsOwnAddress() throws Exception {
        assertThat(NodeConfig.parse("node.yaml", HOST).flannel())
                .contains(
                        new FlannelSettings(
                                "10.88.0.11",
                                "/coreos.com/network",
                                Path.of("/run/flannel/subnet.env"),
                                true,
                                Duration.ofSeconds(10),
                                false,
                                Optional.empty()));
    }

    @Test
    void everySettingIsTaken() throws Exception {
        var config =
                NodeConfig.parse(
                        "node.yaml",
                        HOST
                                + """
                                flannel:
                                  interface: eth1
                                  prefix: /other/network
                                  subnet-file: /run/other.env
                                  ip-masq: false
                                  lease-ttl: 24h
                                  cni-conf: /etc/cni/net.d/10.conflist
                                """);

        assertThat(config.flannel())
                .contains(
                        new FlannelSettings(
                                "eth1",
                                "/other/network",
                                Path.of("/run/other.env"),
                                false,
                                Duration.ofHours(24),
                                false,
                                Optional.of(Path.of("/etc/cni/net.d/10.conflist"))));
    }

    @Test
    void leasesInKeysOfV2LiveAsLongAsTheOriginals() throws Exception {
        var config = NodeConfig.parse("node.yaml", HOST + "flannel: {etcd-v2: true}\n");

        assertThat(config.flannel())
                .hasValueSatisfying(settings -> {
                    assertThat(settings.etcdV2()).isTrue();
                    assertThat(settings.leaseTtl()).isEqualTo(Duration.ofHours(24));
                });
    }

    @Test
    void settingsWithoutTheRoleAreRefused() {
        assertThatThrownBy(() ->
                        NodeConfig.parse(
                                "node.yaml", HOST + "roles: [etcd]\nflannel: {ip-masq: true}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("settings for flannel but roles lacks it");
        assertThatThrownBy(
                        () -> NodeConfig.parse("node.yaml", HOST + "flannel: {prefix: network}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("flannel.prefix is network");
    }
}
