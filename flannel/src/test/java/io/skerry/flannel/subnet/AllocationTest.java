package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.etcd.client.LeaseId;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllocationTest {
    /** Holds seven subnets: 10.5.0.32/27 to 10.5.0.224/27. */
    private static final String SMALL = "{\"Network\":\"10.5.0.0/24\",\"SubnetLen\":27}";

    private final MemorySubnets store = new MemorySubnets();

    AllocationTest() {
        store.configure(SMALL);
    }

    private Cidr4 acquire(String host, long lease, String... previous) throws Exception {
        Optional<Cidr4> last =
                previous.length == 0 ? Optional.empty() : Optional.of(Cidr4.of(previous[0]));
        return new Acquisition(store, new SplittableRandom(lease))
                .acquire(config(), value(host), last, new LeaseId(lease))
                .subnet();
    }

    private NetworkConfig config() throws Exception {
        return NetworkJson.parse(store.read().orElseThrow().config()).config();
    }

    private static LeaseValue value(String host) {
        return LeaseValue.of(Ip4.of(host), "host-gw");
    }

    @Test
    void sameHostTakesItsLeaseAgainUnderANewLeaseOfTheStore() throws Exception {
        Cidr4 first = acquire("192.168.0.1", 1);

        Cidr4 again = acquire("192.168.0.1", 2);

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
        Cidr4 first = acquire("192.168.0.1", 1);
        store.expire(1);
        for (int other = 2; other <= 7; other++) {
            assertThat(acquire("192.168.0." + other, other)).isNotEqualTo(first);
        }

        assertThat(acquire("192.168.0.1", 8)).isEqualTo(first);
    }

    @Test
    void subnetsOfHostsThatAreGoneAreGivenAwayWhenNoOtherIsFree() throws Exception {
        Cidr4 first = acquire("192.168.0.1", 1);
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
        store.put(Cidr4.of("10.5.0.0/25"), value("192.168.0.7"), 7);
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
    void otherConfigurationThanTheHostsIsTold() throws Exception {
        NetworkConfig old = config();
        store.configure("{\"Network\":\"10.9.0.0/16\"}");

        assertThatExceptionOfType(SubnetException.class)
                .isThrownBy(() ->
                        new Acquisition(store, new SplittableRandom(1))
                                .acquire(
                                        old,
                                        value("192.168.0.1"),
                                        Optional.empty(),
                                        new LeaseId(1)))
                .withMessageContaining("has changed");
    }
}
