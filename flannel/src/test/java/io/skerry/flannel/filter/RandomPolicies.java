package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressRange;
import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Landscape;
import io.skerry.flannel.policy.Packet;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PortRange;
import io.skerry.flannel.policy.Protocol;
import io.skerry.flannel.policy.Selector;
import io.skerry.flannel.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Networks, policies and packets in which much coincides, so that chance finds the borders. */
final class RandomPolicies {
    private static final List<String> NETWORKS =
            List.of(
                    "0.0.0.0/0",
                    "::/0",
                    "10.0.0.0/8",
                    "10.77.0.0/16",
                    "10.77.0.0/22",
                    "10.77.1.0/24",
                    "10.77.1.0/25",
                    "10.77.1.128/26",
                    "10.77.1.7/32",
                    "10.77.2.0/23",
                    "10.77.3.64/30",
                    "192.0.2.0/24",
                    "192.0.2.128/25",
                    "255.255.255.255/32",
                    "fd00:77::/48",
                    "fd00:77:0:1::/64",
                    "fd00:77:0:1::7/128",
                    "fd00:77:0:2::/63",
                    "2001:db8::/32");
    private static final List<String> ROLES = List.of("web", "db", "none");
    private static final int[] PORTS = {0, 1, 79, 80, 81, 443, 8000, 8050, 8099, 65534, 65535};

    private final Random random;

    RandomPolicies(Random random) {
        this.random = random;
    }

    Landscape landscape() {
        var hosts = new ArrayList<HostFacts>();
        for (int i = 1; i <= 1 + random.nextInt(5); i++) {
            hosts.add(
                    new HostFacts(
                            "10.88.0.1" + i,
                            random.nextInt(4) == 0 ? "" : "machine0" + i,
                            random.nextInt(4) == 0
                                    ? Map.of()
                                    : Map.of("role", pick(ROLES), "zone", pick(List.of("a", "b"))),
                            List.of(
                                    Cidr.of("10.77." + i + ".0/24"),
                                    Cidr.of("fd00:77:0:" + i + "::/64"))));
        }
        return new Landscape(
                AddressSet.of(Cidr.of("10.77.0.0/16"), Cidr.of("fd00:77::/48")),
                AddressSet.of(Cidr.of("10.77.1.0/24"), Cidr.of("fd00:77:0:1::/64")),
                hosts);
    }

    List<Policy> policies() {
        var policies = new ArrayList<Policy>();
        for (int i = random.nextInt(9); i > 0; i--) {
            policies.add(policy("p" + i, random.nextInt(4)));
        }
        if (random.nextBoolean()) {
            policies.add(
                    new Policy(
                            Policy.DEFAULT,
                            0,
                            "",
                            List.of(),
                            List.of(),
                            Policy.anyProtocol(),
                            List.of(PortRange.ALL),
                            pick(List.of(Verdict.values()))));
        }
        return policies;
    }

    private Policy policy(String name, int order) {
        boolean withPorts = random.nextBoolean();
        Set<Protocol> protocols =
                withPorts
                        ? pick(List.of(Set.of(Protocol.TCP), Set.of(Protocol.TCP, Protocol.UDP)))
                        : pick(List.of(Policy.anyProtocol(), Set.of(Protocol.ICMP, Protocol.UDP)));
        var ports = new ArrayList<PortRange>();
        for (int i = withPorts ? 1 + random.nextInt(3) : 0; i > 0; i--) {
            int first = random.nextInt(PORTS.length);
            int last = first + random.nextInt(PORTS.length - first);
            ports.add(new PortRange(PORTS[first], PORTS[last]));
        }
        return new Policy(
                name,
                order,
                "",
                selectors(),
                selectors(),
                protocols,
                ports.isEmpty() ? List.of(PortRange.ALL) : ports,
                pick(List.of(Verdict.values())));
    }

    private List<Selector> selectors() {
        var selectors = new ArrayList<Selector>();
        for (int i = random.nextInt(3); i > 0; i--) {
            selectors.add(selector());
        }
        return selectors;
    }

    private Selector selector() {
        return switch (random.nextInt(4)) {
            case 0 ->
                    new Selector.Host(
                            pick(List.of("10.88.0.11", "machine02", "10.88.0.13", "nobody")));
            case 1 -> {
                var values = new TreeMap<String, List<String>>();
                values.put("role", List.of(pick(ROLES), pick(ROLES)));
                if (random.nextBoolean()) {
                    values.put("zone", List.of("a"));
                }
                yield new Selector.Metadata(values);
            }
            default -> {
                var network = Cidr.of(pick(NETWORKS));
                var except =
                        NETWORKS.stream()
                                .map(Cidr::of)
                                .filter(hole -> hole.length() > network.length())
                                .filter(hole -> network.contains(hole.address()))
                                .filter(hole -> random.nextInt(6) == 0)
                                .toList();
                yield new Selector.Block(network, except);
            }
        };
    }

    Packet packet() {
        Ip source = address();
        Ip destination = address();
        while (destination.family() != source.family()) {
            destination = address();
        }
        Protocol protocol = pick(List.of(Protocol.values()));
        return new Packet(
                source,
                destination,
                protocol,
                protocol.hasPorts()
                        ? random.nextBoolean()
                                ? PORTS[random.nextInt(PORTS.length)]
                                : random.nextInt(PortRange.MAX + 1)
                        : 0);
    }

    /** Mostly the first or last of a network, or the one before or after it. */
    private Ip address() {
        var range = AddressRange.of(Cidr.of(pick(NETWORKS)));
        Family family = range.family();
        return switch (random.nextInt(5)) {
            case 0 -> range.first();
            case 1 -> range.last();
            case 2 ->
                    range.first().equals(family.first()) ? range.first() : range.first().previous();
            case 3 -> range.last().equals(family.last()) ? range.last() : range.last().next();
            default ->
                    family == Family.IPV4
                            ? Ip.of("10.77." + random.nextInt(6) + "." + random.nextInt(256))
                            : Ip.of("fd00:77:0:" + random.nextInt(6) + "::" + random.nextInt(9));
        };
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
