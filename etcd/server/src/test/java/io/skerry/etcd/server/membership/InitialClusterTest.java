package io.skerry.etcd.server.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class InitialClusterTest {
    @Test
    void idsAreThoseThatEtcdGivesItsDefaultCluster() {
        var cluster = InitialCluster.parse("etcd-cluster", "default=http://localhost:2380");
        assertThat(Long.toHexString(cluster.memberId("default"))).isEqualTo("8e9e05c52164694d");
        assertThat(Long.toHexString(cluster.clusterId())).isEqualTo("cdf818194e3a8c32");
    }

    @Test
    void idsDependOnTheTokenAndNotOnTheOrder() {
        var one = InitialCluster.parse("t", "a=http://h:1,b=http://h:2,c=http://h:3");
        var two = InitialCluster.parse("t", "c=http://h:3,a=http://h:1,b=http://h:2");
        var other = InitialCluster.parse("u", "a=http://h:1,b=http://h:2,c=http://h:3");
        assertThat(one.clusterId()).isEqualTo(two.clusterId()).isNotEqualTo(other.clusterId());
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> InitialCluster.parse("t", "a"))
                .hasMessageContaining("\"a\" must be NAME=URL");
        assertThatThrownBy(() -> InitialCluster.parse("t", "a=http://h:1,b=http://h:1"))
                .hasMessageContaining("same peer URLs");
        var cluster = InitialCluster.parse("t", "a=http://h:1");
        assertThatThrownBy(() -> cluster.memberId("x"))
                .hasMessageContaining("couldn't find local name \"x\"");
        assertThatThrownBy(() -> cluster.requireUrls("a", List.of("http://h:2")))
                .hasMessageContaining("--initial-advertise-peer-urls has http://h:2");
    }
}
