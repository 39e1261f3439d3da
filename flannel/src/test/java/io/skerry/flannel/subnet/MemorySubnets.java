package io.skerry.flannel.subnet;

import io.skerry.etcd.client.LeaseId;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.PerFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in memory that holds the conditions of claims as etcd does. */
final class MemorySubnets {
    private static final SubnetKeys KEYS = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);

    final Map<String, Lease> leases = new TreeMap<>();
    final List<Cidr> unreadable = new ArrayList<>();
    private final Map<Cidr, Remembered> remembered = new TreeMap<>();
    private @Nullable String config;
    private long configRevision;
    private long revision;

    /** The store for who claims under a lease. */
    SubnetStore under(LeaseId lease) {
        return new SubnetStore() {
            @Override
            public Optional<SubnetView> read() {
                return MemorySubnets.this.read();
            }

            @Override
            public boolean claim(Claim claim) {
                return MemorySubnets.this.claim(claim, lease);
            }
        };
    }

    void configure(String json) {
        config = json;
        configRevision = ++revision;
    }

    void reserve(String subnet, String publicIp) {
        put(PerFamily.only(Family.IPV4, Cidr4.of(subnet)), LeaseValue.of(Ip4.of(publicIp), ""), 0);
    }

    void put(PerFamily<Cidr> subnets, LeaseValue value, long storeLease) {
        String key = KEYS.subnets(subnets);
        leases.put(key, new Lease(key, subnets, value, storeLease, ++revision));
    }

    void expire(long storeLease) {
        if (leases.values().removeIf(lease -> lease.storeLease() == storeLease)) {
            revision++;
        }
    }

    Optional<SubnetView> read() {
        return config == null
                ? Optional.empty()
                : Optional.of(
                        new SubnetView(
                                config,
                                configRevision,
                                new ArrayList<>(leases.values()),
                                unreadable,
                                List.copyOf(remembered.values())));
    }

    boolean claim(Claim claim, LeaseId lease) {
        String key = claim.replacing().map(Lease::key).orElse(KEYS.subnets(claim.subnets()));
        boolean holds =
                claim.configRevision() == configRevision
                        && Objects.equals(leases.get(key), claim.replacing().orElse(null))
                        && claim.discarded().stream()
                                .allMatch(old -> old.equals(leases.get(old.key())))
                        && claim.noted().entrySet().stream()
                                .allMatch(note -> noted(note.getKey()) == note.getValue());
        if (!holds) {
            return false;
        }
        claim.discarded().forEach(old -> leases.remove(old.key()));
        put(claim.subnets(), claim.value(), claim.permanent() ? 0 : lease.value());
        claim.forgotten().forEach(remembered::remove);
        claim.noted()
                .keySet()
                .forEach(subnet ->
                        remembered.put(
                                subnet,
                                new Remembered(subnet, claim.value().publicIp(), revision)));
        return true;
    }

    private long noted(Cidr subnet) {
        return Optional.ofNullable(remembered.get(subnet)).map(Remembered::modRevision).orElse(0L);
    }
}
