package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.etcd.client.LeaseId;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AllocationTest {
    /** Holds seven subnets: 10.5.0.32/27 to 10.5.0.224/27. */
    private static final String SMALL = "{\"Network\":\"10.5.0.0/24\",\"SubnetLen\":27}";

    private final MemorySubnets store = new MemorySubnets();

    AllocationTest() {
        store.configure(SMALL);
    }

    private Cidr acquire(String host, long lease, String... previous) throws Exception {
        return acquire(value(host), lease, previous).first();
    }

    private PerFamily<Cidr> acquire(LeaseValue value, long lease, String... previous)
            throws Exception {
        List<Cidr> last = Stream.of(previous).map(text -> Cidr.parse(text).orElseThrow()).toList();
        return new Acquisition(store.under(new LeaseId(lease)), new SplittableRandom(lease))
                .acquire(config(), value, last)
                .subnets();
    }

    private NetworkConfig config() throws Exception {
        return NetworkJson.parse(store.read().orElseThrow().config()).config();
    }

    private static LeaseValue value(String host) {
        return LeaseValue.of(Ip4.of(host), "host-gw");
    }

    @Test
    void sameHostTakesItsLeaseAgainUnderANewLeaseOfTheStore() throws Exception {
        Cidr first = acquire("192.168.0.1", 1);

        Cidr again = acquire("192.168.0.1", 2);

        assertThat(again).isEqualTo(first);
        assertThat(store.leases.values())
                .singleElement()
                .satisfies(lease -> assertThat(lease.storeLease()).isEqualTo(2));
    }

    @Test
    void previousSubnetIsTakenWhenItIsFree() throws Exception {
        assertThat(acquire("192.168.0.1", 1, "10.5.0.96/27")).isEqualTo(Cidr4.of("10.5.0.96/27"));
        assertThat(acquire("192.168.0.2", 2, "10.5.0.96/27"))
                .isNotEqualTo(Cidr4.of("10.5.0.96/27"));
        assertThat(acquire("192.168.0.3", 3, "10.6.0.96/27").toString()).startsWith("10.5.0.");
    }

    @Test
    void hostGetsItsSubnetBackAfterItsLeaseExpired() throws Exception {
        Cidr first = acquire("192.168.0.1", 1);
        store.expire(1);
        for (int other = 2; other <= 7; other++) {
            assertThat(acquire("192.168.0." + other, other)).isNotEqualTo(first);
        }

        assertThat(acquire("192.168.0.1", 8)).isEqualTo(first);
    }

    @Test
    void subnetsOfHostsThatAreGoneAreGivenAwayWhenNoOtherIsFree() throws Exception {
        Cidr first = acquire("192.168.0.1", 1);
        acquire("192.168.0.2", 2);
        store.expire(1);
        store.expire(2);
        for (int other = 3; other <= 7; other++) {
            acquire("192.168.0." + other, other);
        }

        assertThat(acquire("192.168.0.8", 8)).isEqualTo(first);
    }

    @Test
    void reservationIsForItsHostOnlyAndStaysOne() throws Exception {
        store.reserve("10.5.0.64/27", "192.168.0.9");
        for (int other = 1; other <= 6; other++) {
            assertThat(acquire("192.168.0." + other, other)).isNotEqualTo(Cidr4.of("10.5.0.64/27"));
        }

        assertThat(acquire("192.168.0.9", 9)).isEqualTo(Cidr4.of("10.5.0.64/27"));
        store.expire(9);
        assertThat(store.leases.values()).filteredOn(Lease::reservation).hasSize(1);
    }

    @Test
    void reservationMadeLaterReplacesTheLease() throws Exception {
        acquire("192.168.0.9", 1, "10.5.0.32/27");
        store.reserve("10.5.0.64/27", "192.168.0.9");

        assertThat(acquire("192.168.0.9", 2)).isEqualTo(Cidr4.of("10.5.0.64/27"));
        assertThat(store.leases).hasSize(1);
    }

    @Test
    void subnetThatFitsNoMoreIsGivenBack() throws Exception {
        acquire("192.168.0.1", 1);
        store.configure("{\"Network\":\"10.9.0.0/16\"}");

        assertThat(acquire("192.168.0.1", 2).toString()).startsWith("10.9.");
        assertThat(store.leases).hasSize(1);
    }

    @Test
    void leaseOfAnotherLengthIsNotTakenInPart() throws Exception {
        store.put(PerFamily.only(Family.IPV4, Cidr4.of("10.5.0.0/25")), value("192.168.0.7"), 7);
        for (int host = 1; host <= 4; host++) {
            assertThat(acquire("192.168.0." + host, host))
                    .matches(subnet -> !subnet.overlaps(Cidr4.of("10.5.0.0/25")));
        }
        assertThatExceptionOfType(SubnetException.class)
                .isThrownBy(() -> acquire("192.168.0.5", 5));
    }

    @Test
    void exhaustionSaysWhatIsTakenAndWhatToDo() throws Exception {
        store.reserve("10.5.0.64/27", "192.168.0.9");
        for (int host = 1; host <= 6; host++) {
            acquire("192.168.0." + host, host);
        }

        assertThatExceptionOfType(SubnetException.class)
                .isThrownBy(() -> acquire("192.168.0.20", 20))
                .withMessageContaining("all 7 subnets from 10.5.0.32/27 to 10.5.0.224/27")
                .withMessageContaining("1 of 7 keys are reservations")
                .withMessageContaining("larger Network");
    }

    @Test
    void subnetsOfKeysThatAreNoLeasesAreNotChosenAndNamedWhenNothingIsFree() throws Exception {
        store.unreadable.add(Cidr4.of("10.5.0.64/27"));
        for (int host = 1; host <= 6; host++) {
            assertThat(acquire("192.168.0." + host, host, "10.5.0.64/27"))
                    .isNotEqualTo(Cidr4.of("10.5.0.64/27"));
        }

        assertThatExceptionOfType(SubnetException.class)
                .isThrownBy(() -> acquire("192.168.0.20", 20))
                .withMessageContaining("0 of 6 keys are reservations")
                .withMessageContaining(
                        "the values of 1 keys are no leases, delete them: 10.5.0.64/27");
    }

    @Test
    void otherConfigurationThanTheHostsIsTold() throws Exception {
        NetworkConfig old = config();
        store.configure("{\"Network\":\"10.9.0.0/16\"}");

        assertThatExceptionOfType(SubnetException.class)
                .isThrownBy(() ->
                        new Acquisition(store.under(new LeaseId(1)), new SplittableRandom(1))
                                .acquire(old, value("192.168.0.1"), List.of()))
                .withMessageContaining("has changed");
    }

    /** Four subnets of IPv4 and five of IPv6. */
    private static final String BOTH =
            "{\"Network\":\"10.5.0.0/24\",\"SubnetLen\":27,\"SubnetMax\":\"10.5.0.128\","
                    + "\"EnableIPv6\":true,\"IPv6Network\":\"fd00:5::/48\","
                    + "\"IPv6SubnetMax\":\"fd00:5:0:5::\",\"Backend\":{\"Type\":\"vxlan\"}}";

    private static LeaseValue both(int host) {
        return new LeaseValue(
                new PerFamily<>(
                        endpoint(Ip4.of("192.168.0." + host)), endpoint(Ip6.of("fd88::" + host))),
                "vxlan",
                1);
    }

    private static Optional<Endpoint> endpoint(Ip address) {
        return Optional.of(new Endpoint(address, Optional.empty()));
    }

    @Test
    void networkOfBothFamiliesGivesAHostASubnetOfEachUnderOneKey() throws Exception {
        store.configure(BOTH);

        var first = acquire(both(1), 1);

        assertThat(first.families()).containsExactly(Family.IPV4, Family.IPV6);
        assertThat(store.leases.keySet())
                .containsExactly(
                        "/coreos.com/network/subnets/"
                                + first.toString().replace('/', '-').replace(',', '&'));
        for (int other = 2; other <= 4; other++) {
            var next = acquire(both(other), other);
            assertThat(next.all()).doesNotContainAnyElementsOf(first.all());
        }
        assertThat(acquire(both(1), 9)).isEqualTo(first);
        assertThatExceptionOfType(SubnetException.class)
                .isThrownBy(() -> acquire(both(5), 5))
                .withMessageContaining("all 4 subnets from 10.5.0.32/27 to 10.5.0.128/27");
    }

    @Test
    void hostKeepsItsSubnetWhenTheNetworkGetsTheOtherFamily() throws Exception {
        Cidr before = acquire("192.168.0.1", 1);
        store.configure(BOTH.replace("10.5.0.128", "10.5.0.224"));

        var after = acquire(both(1), 2);

        assertThat(after.ipv4()).contains(before);
        assertThat(store.leases).hasSize(1);
    }

    @Test
    void networkOfIpv6AloneHasKeysOfTheOriginalsForm() throws Exception {
        store.configure(
                "{\"EnableIPv4\":false,\"EnableIPv6\":true,\"IPv6Network\":\"fd00:5::/48\","
                        + "\"IPv6SubnetMax\":\"fd00:5:0:1::\",\"Backend\":{\"Type\":\"vxlan\"}}");

        acquire(LeaseValue.of(Ip6.of("fd88::1"), "vxlan"), 1);

        assertThat(store.leases.keySet())
                .containsExactly("/coreos.com/network/subnets/0.0.0.0-0&fd00:5:0:1::-64");
    }
}
