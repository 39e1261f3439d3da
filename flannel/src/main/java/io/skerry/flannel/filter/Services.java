package io.skerry.flannel.filter;

import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PortRange;
import io.skerry.flannel.policy.Protocol;
import io.skerry.flannel.policy.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is refused between two addresses, when only those policies are left that speak of both.
 *
 * @param ports of each protocol that has them, in their order
 * @param whole protocols without ports of which everything is refused
 */
record Services(Map<Protocol, List<PortRange>> ports, Set<Protocol> whole) {
    private static final List<PortRange> EVERY_PORT = List.of(PortRange.ALL);

    Services {
        ports = Map.copyOf(ports);
        whole = Set.copyOf(whole);
    }

    /**
     * Asks the policies in the order given.
     *
     * @param refuses whether a verdict is one to refuse
     * @param otherwise what is when no policy speaks
     */
    static Services of(Iterable<Policy> policies, Predicate<Verdict> refuses, Verdict otherwise) {
        var ports = new EnumMap<Protocol, List<PortRange>>(Protocol.class);
        var whole = EnumSet.noneOf(Protocol.class);
        for (Protocol protocol : Protocol.values()) {
            List<PortRange> refused = refused(policies, protocol, refuses, otherwise);
            if (protocol.hasPorts()) {
                ports.put(protocol, refused);
            } else if (!refused.isEmpty()) {
                whole.add(protocol);
            }
        }
        return new Services(ports, whole);
    }

    /** Each policy takes of the ports that none before it took. */
    private static List<PortRange> refused(
            Iterable<Policy> policies,
            Protocol protocol,
            Predicate<Verdict> refuses,
            Verdict otherwise) {
        List<PortRange> left = EVERY_PORT;
        var refused = new ArrayList<PortRange>();
        for (Policy policy : policies) {
            for (PortRange taken : policy.ports(protocol)) {
                var still = new ArrayList<PortRange>();
                for (PortRange range : left) {
                    if (refuses.test(policy.verdict())) {
                        range.and(taken).ifPresent(refused::add);
                    }
                    still.addAll(range.minus(taken));
                }
                left = still;
            }
            if (left.isEmpty()) {
                break;
            }
        }
        if (refuses.test(otherwise)) {
            refused.addAll(left);
        }
        return joined(refused);
    }

    private static List<PortRange> joined(List<PortRange> ranges) {
        ranges.sort(Comparator.comparingInt(PortRange::first));
        var joined = new ArrayList<PortRange>();
        for (PortRange range : ranges) {
            if (!joined.isEmpty() && joined.getLast().last() + 1 == range.first()) {
                joined.add(new PortRange(joined.removeLast().first(), range.last()));
            } else {
                joined.add(range);
            }
        }
        return joined;
    }

    private boolean refusesAll(Protocol protocol) {
        return protocol.hasPorts()
                ? EVERY_PORT.equals(ports.get(protocol))
                : whole.contains(protocol);
    }

    private List<PortRange> refusedPorts(Protocol protocol) {
        return ports.getOrDefault(protocol, List.of());
    }

    /** The rules by which these come about. What most protocols share is the last of them. */
    List<Rule> rules() {
        boolean last = whole.contains(Protocol.OTHER);
        var rules = new ArrayList<Rule>();
        for (Protocol protocol : Protocol.withPorts()) {
            List<PortRange> refused = refusedPorts(protocol);
            if (refusesAll(protocol) || refused.isEmpty()) {
                if (refused.isEmpty() == last) {
                    rules.add(new Rule.Of(protocol, Target.of(!last)));
                }
            } else {
                var spoken = last ? allowed(refused) : refused;
                rules.add(new Rule.Ports(protocol, spoken, Target.of(!last)));
            }
        }
        if (whole.contains(Protocol.ICMP) != last) {
            rules.add(new Rule.Of(Protocol.ICMP, Target.of(!last)));
        }
        rules.add(new Rule.Always(Target.of(last)));
        return rules;
    }

    private static List<PortRange> allowed(List<PortRange> refused) {
        List<PortRange> left = EVERY_PORT;
        for (PortRange range : refused) {
            left = left.stream().flatMap(part -> part.minus(range).stream()).toList();
        }
        return left;
    }
}
