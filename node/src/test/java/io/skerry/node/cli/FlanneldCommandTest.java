package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlanneldCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    @ParameterizedTest
    @CsvSource({
        "--kube-subnet-mgr, 'leases are kept in etcd, not in Kubernetes'",
        "-kube-subnet-mgr=true, 'leases are kept in etcd, not in Kubernetes'",
        "--public-ipv6=10.0.0.1, --public-ipv6 is 10.0.0.1 and must be an IPv6 address",
        "--subnet-lease-renew-margin=120, renewed every fifth of --subnet-lease-ttl",
        "--etcd-v2 --subnet-lease-renew-margin=1440, 'less than --subnet-lease-ttl, which is 86400"
                + " s'",
        "--etcd-v2 --subnet-lease-ttl=3609s --subnet-lease-renew-margin=60, which is 3609 s",
        "--etcd-v2 --subnet-lease-renew-margin=0, must be at least one minute",
        "--etcd-endpoints=http://root:a%b@10.0.0.1:2379, names a user in a URL; give"
                + " --etcd-username",
        "--etcd-v2 --etcd-endpoints=unix:/run/etcd, must be URLs like http://10.0.0.1:2379",
        "--etcd-endpoints=10.0.0.1, must be URLs like http://10.0.0.1:2379",
        "--healthz-port=99999, --healthz-port is 99999 and must be from 0",
        "--subnet-lease-ttl=1s, must be a time of at least 2s",
        "--subnet-lease-ttl=soon, must be a time of at least 2s",
        "--iptables-resync=0, must be at least 1",
        "--public-ip=here, --public-ip is here and must be an IPv4 address",
        "--iface-can-reach=8.8.8, --iface-can-reach is 8.8.8 and must be an address",
        "'--iface-regex=eth(', is no expression",
        "--etcd-cafile=ca.crt, --etcd-cafile needs them",
        "--etcd-keyfile=x.key, belong together",
        "--etcd-prefix=network, must begin with /",
        "--etcd-endpoint=http://x, did you mean --etcd-endpoints?"
    })
    void whatCannotBeIsRefusedWithTheReason(String flags, String reason) {
        assertThat(run(("flanneld " + flags).split(" "))).isEqualTo(2);

        assertThat(err.toString()).contains(reason).hasLineCount(1);
    }

    @Test
    void helpShowsTheOriginalsFlagsWithTheirDefaults() {
        assertThat(run("flanneld", "--help")).isZero();

        assertThat(out.toString())
                .contains("--etcd-endpoints")
                .contains("http://127.0.0.1:4001,http://127.0.0.1:")
                .contains(
                        "--etcd-v2",
                        "--iface-can-reach",
                        "--ip-masq",
                        "--healthz-port",
                        "FLANNELD_IFACE")
                .doesNotContain("kube-subnet-mgr");
    }

    @Test
    void tellsItsVersionAsTheOriginalsFlagAsks() {
        assertThat(run("flanneld", "--version")).isZero();
        assertThat(run("flanneld", "-version")).isZero();

        assertThat(out.toString().lines())
                .hasSize(2)
                .containsOnly("flanneld version " + VersionCommand.version());
    }

    @Test
    void networkOfANewPlaygroundIsCheckedBeforeAnythingIsMade() {
        assertThat(run("up", "--network", "{\"Network\":\"10.77.0.0\"}")).isEqualTo(2);
        assertThat(run("up", "--network", "{")).isEqualTo(2);
        assertThat(run("up", "--network", "")).isEqualTo(2);
        assertThat(run("up", "--network", "{\"Network\":\"10.77.0.0/16\",\"Bakend\":{}}"))
                .isEqualTo(2);

        assertThat(err.toString())
                .contains("--network: Network is 10.77.0.0 and must be an IPv4 network")
                .contains("no setting Bakend (did you mean Backend?)");
    }
}
