package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.client.LeaseId;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.ConfigFault;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Many hosts that read, choose and claim in any order, come back, expire, and get a new
 * configuration under them; a seed decides. Never may two hosts hold overlapping subnets.
 */
class RacingHostsTest {
    private static final int HOSTS = 40;
    private static final int STEPS = 2_000;

    /** A host that has read and not claimed yet is where races come from. */
    private static final class SimulatedHost {
        final Ip4 address;
        @Nullable Claim pending;
        @Nullable PerFamily<Cidr> subnet;
        List<Cidr> last = List.of();
        long lease;

        SimulatedHost(int number) {
            address = Ip4.of("192.168.0.0").plus(number);
        }

        LeaseValue value(NetworkConfig config) {
            var endpoint = Optional.of(new Endpoint(address, Optional.empty()));
            return new LeaseValue(
                    new PerFamily<>(endpoint, config.ranges().ipv6().flatMap(_ -> endpoint)),
                    "vxlan",
                    1);
        }
    }

    private final MemorySubnets store = new MemorySubnets();
    private long leases;

    @Test
    void neverHaveTwoHostsOverlappingSubnets() throws Exception {
        Long only = Long.getLong("seed");
        for (long seed = 1; seed <= 30; seed++) {
            long run = only == null ? seed : only;
            try {
                new RacingHostsTest().race(new SplittableRandom(run));
            } catch (AssertionError e) {
                throw new AssertionError("with -Dseed=" + run + ": " + e.getMessage(), e);
            }
        }
    }

    private void race(SplittableRandom random) throws ConfigFault {
        var texts =
                List.of(
                        "{\"Network\":\"10.5.0.0/20\",\"SubnetLen\":25}",
                        "{\"Network\":\"10.5.0.0/20\",\"SubnetLen\":26,\"EnableIPv6\":true,"
                                + "\"IPv6Network\":\"fd00::/58\",\"IPv6SubnetLen\":64,"
                                + "\"Backend\":{\"Type\":\"vxlan\"}}");
        String text = texts.getFirst();
        store.configure(text);
        store.reserve("10.5.2.0/25", "192.168.0.3");
        var hosts = new ArrayList<SimulatedHost>();
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(new SimulatedHost(i));
        }
        int lost = 0;
        for (int step = 0; step < STEPS; step++) {
            var host = hosts.get(random.nextInt(HOSTS));
            Claim pending = host.pending;
            switch (random.nextInt(10)) {
                case 0 -> expire(host);
                case 1 -> {
                    // The daemon starts anew and knows from its file what it had.
                    host.pending = null;
                    host.subnet = null;
                }
                case 2 -> {
                    if (random.nextInt(100) == 0) {
                        text = texts.get(random.nextInt(texts.size()));
                        store.configure(text);
                    }
                }
                default -> {
                    if (pending != null) {
                        lost += claim(host, pending) ? 0 : 1;
                    } else if (host.subnet == null) {
                        host.pending = decide(host, text, random);
                    }
                }
            }
            noneOverlap();
        }
        assertThat(lost).as("races lost, without which this tests nothing").isPositive();
    }

    private @Nullable Claim decide(SimulatedHost host, String text, SplittableRandom random)
            throws ConfigFault {
        NetworkConfig config = NetworkJson.parse(text).config();
        var choice =
                Allocation.choose(
                        config, store.read().orElseThrow(), host.value(config), host.last, random);
        return choice instanceof Allocation.Choice.Take(Claim claim) ? claim : null;
    }

    private boolean claim(SimulatedHost host, Claim pending) {
        host.pending = null;
        long lease = ++leases;
        if (!store.claim(pending, new LeaseId(lease))) {
            return false;
        }
        host.lease = lease;
        host.subnet = pending.subnets();
        host.last = pending.subnets().all();
        return true;
    }

    private void expire(SimulatedHost host) {
        store.expire(host.lease);
        host.subnet = null;
    }

    /** Plain code, since it looks at some millions of pairs. */
    private void noneOverlap() {
        var held = List.copyOf(store.leases.values());
        for (int i = 0; i < held.size(); i++) {
            for (int k = i + 1; k < held.size(); k++) {
                if (overlap(held.get(i), held.get(k))) {
                    throw new AssertionError(held.get(i) + " overlaps " + held.get(k));
                }
            }
        }
    }

    private static boolean overlap(Lease one, Lease other) {
        for (Cidr subnet : one.subnets().all()) {
            for (Cidr another : other.subnets().all()) {
                if (subnet.overlaps(another)) {
                    return true;
                }
            }
        }
        return false;
    }
}
