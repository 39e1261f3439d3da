package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ClusterFlagsTest {
    private static ClusterOptions options(String... flags) {
        var command = new EtcdCommand();
        new CommandLine(command).parseArgs(flags);
        return command.config().cluster();
    }

    private static void refused(String flag, String reason) {
        assertThatThrownBy(() -> options(flag))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatIsAlwaysSoMayBeSaid() {
        assertThat(options("--pre-vote", "--strict-reconfig-check"))
                .isEqualTo(ClusterOptions.DEFAULT);
    }

    @Test
    void whatCannotBeIsRefusedWithItsReason() {
        refused("--pre-vote=false", "always ask before they stand for election");
        refused("--max-learners=0", "--max-learners: 0 must be 1 or more");
    }

    @Test
    void learnersAreAllowedUnderBothNames() {
        assertThat(options("--max-learners=3").maxLearners()).isEqualTo(3);
        assertThat(options("--experimental-max-learners", "2").maxLearners()).isEqualTo(2);
        assertThat(options("--strict-reconfig-check=false").strictReconfigCheck()).isFalse();
    }

    @Test
    void whatHasNothingAsItsValueIsNotGiven() {
        var command = new EtcdCommand();
        new CommandLine(command)
                .parseArgs(
                        Stream.of(
                                        "data-dir",
                                        "listen-client-urls",
                                        "advertise-client-urls",
                                        "initial-cluster",
                                        "discovery",
                                        "discovery-endpoints",
                                        "discovery-token",
                                        "discovery-srv",
                                        "cert-file",
                                        "key-file",
                                        "trusted-ca-file",
                                        "client-crl-file",
                                        "client-cert-allowed-hostname",
                                        "peer-cert-file",
                                        "peer-key-file",
                                        "peer-trusted-ca-file",
                                        "peer-crl-file",
                                        "peer-cert-allowed-cn",
                                        "cipher-suites",
                                        "listen-metrics-urls",
                                        "cors",
                                        "host-whitelist")
                                .map(flag -> "--" + flag + "=")
                                .toArray(String[]::new));
        assertThat(command.config()).isEqualTo(new EtcdCommand().config());
    }

    @Test
    void clientsAndPeersAreServedAtThePortsOfOldAndNewVersions() throws Exception {
        EtcdConfig config = new EtcdCommand().config();
        assertThat(config.listenClientUrls().toString()).contains(":2379", ":4001");
        assertThat(config.peerListenAddresses())
                .extracting(InetSocketAddress::getPort)
                .containsExactly(2380, 7001);
    }
}
