package io.skerry.flannel.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import io.skerry.flannel.subnet.EtcdSubnetStore;
import io.skerry.flannel.subnet.SubnetKeys;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies in a real store. */
class StoredPoliciesTest {
    private static final SubnetKeys KEYS = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);
    private static final String DENY = "{\"name\":\"default\",\"action\":\"deny\"}";
    private static final String ALLOW = "{\"name\":\"default\",\"action\":\"allow\"}";

    @TempDir private Path directory = Path.of("");

    @Test
    void documentsArePutChangedAndDeleted() throws Exception {
        try (var store = new TestStore(TestStore.Kind.ETCD, directory);
                var client = store.client()) {
            var policies = new StoredPolicies(client, KEYS);

            assertThat(policies.documents()).isEmpty();
            assertThat(policies.set(PolicyJson.tree(DENY))).isEqualTo(StoredPolicies.Before.ABSENT);
            assertThat(policies.set(PolicyJson.tree(DENY)))
                    .isEqualTo(StoredPolicies.Before.THE_SAME);
            assertThat(policies.set(PolicyJson.tree(ALLOW)))
                    .isEqualTo(StoredPolicies.Before.DIFFERENT);
            assertThatExceptionOfType(PolicyFault.class)
                    .isThrownBy(() -> policies.set(PolicyJson.tree("{\"name\":\"default\"}")));
            client.put(KEYS.policies() + "strange", ByteString.copyFromUtf8("nonsense"));

            assertThat(policies.documents())
                    .isEqualTo(Map.of("default", ALLOW, "strange", "nonsense"));
            assertThat(policies.document("default")).contains(ALLOW);
            assertThat(policies.document("absent")).isEmpty();
            assertThat(policies.delete("default")).isTrue();
            assertThat(policies.delete("default")).isFalse();
        }
    }

    @Test
    void hostsAreThoseWithLeasesAndWhatFleetKnowsOfThem() throws Exception {
        try (var store = new TestStore(TestStore.Kind.ETCD, directory);
                var client = store.client()) {
            var entries =
                    Map.of(
                            KEYS.config(),
                            "{\"Network\":\"10.77.0.0/16\"}",
                            KEYS.subnets() + "10.77.1.0-24",
                            "{\"PublicIP\":\"10.88.0.11\",\"BackendType\":\"udp\"}",
                            KEYS.subnets() + "10.77.2.0-24",
                            "{\"PublicIP\":\"10.88.0.12\",\"BackendType\":\"udp\"}",
                            FleetMachines.PREFIX + "m2/object",
                            "{\"PublicIP\":\"10.88.0.12\",\"Metadata\":{\"role\":\"db\",\"zone\":\"a\"}}",
                            FleetMachines.PREFIX + "m2/metadata/role",
                            "web",
                            FleetMachines.PREFIX + "m9/object",
                            "{\"PublicIP\":\"10.88.0.19\"}");
            for (var entry : entries.entrySet()) {
                client.put(entry.getKey(), ByteString.copyFromUtf8(entry.getValue()));
            }
            var leases = new EtcdSubnetStore(client, KEYS).read().orElseThrow().leases();

            assertThat(new StoredPolicies(client, KEYS).hosts(leases))
                    .extracting(host ->
                            host.publicIp()
                                    + " "
                                    + host.machineId()
                                    + " "
                                    + host.subnets()
                                    + " "
                                    + new TreeMap<>(host.metadata()))
                    .containsExactlyInAnyOrder(
                            "10.88.0.11  [10.77.1.0/24] {}",
                            "10.88.0.12 m2 [10.77.2.0/24] {role=web, zone=a}");
        }
    }
}
