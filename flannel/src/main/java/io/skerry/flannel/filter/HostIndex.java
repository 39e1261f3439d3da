package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the addresses of selectors without asking every host for every policy. */
final class HostIndex {
    private final List<HostFacts> hosts;
    private final Map<String, Map<String, BitSet>> byMetadata = new HashMap<>();
    private final Map<List<Selector>, AddressSet> known = new HashMap<>();

    HostIndex(List<HostFacts> hosts) {
        this.hosts = hosts;
        for (int i = 0; i < hosts.size(); i++) {
            int number = i;
            hosts.get(i)
                    .metadata()
                    .forEach((key, value) ->
                            byMetadata
                                    .computeIfAbsent(key, any -> new HashMap<>())
                                    .computeIfAbsent(value, any -> new BitSet())
                                    .set(number));
        }
    }

    /** What any of the selectors selects; without any, everything. */
    AddressSet addresses(List<Selector> selectors) {
        return known.computeIfAbsent(selectors, this::find);
    }

    private AddressSet find(List<Selector> selectors) {
        if (selectors.isEmpty()) {
            return AddressSet.ALL;
        }
        var found = AddressSet.NONE;
        var networks = new ArrayList<Cidr>();
        for (Selector selector : selectors) {
            switch (selector) {
                case Selector.Block(Cidr network, List<Cidr> except) -> {
                    if (except.isEmpty()) {
                        networks.add(network);
                    } else {
                        found = found.plus(AddressSet.of(network).minus(AddressSet.of(except)));
                    }
                }
                case Selector.Host host ->
                        hosts.stream()
                                .filter(facts -> facts.isNamed(host.name()))
                                .forEach(facts -> networks.addAll(facts.subnets()));
                case Selector.Metadata metadata ->
                        matching(metadata).stream()
                                .forEach(i -> networks.addAll(hosts.get(i).subnets()));
            }
        }
        return found.plus(AddressSet.of(networks));
    }

    private BitSet matching(Selector.Metadata metadata) {
        var matching = new BitSet();
        matching.set(0, hosts.size());
        metadata.values()
                .forEach((key, values) -> {
                    var any = new BitSet();
                    Map<String, BitSet> ofKey = byMetadata.getOrDefault(key, Map.of());
                    values.forEach(value -> any.or(ofKey.getOrDefault(value, new BitSet())));
                    matching.and(any);
                });
        return matching;
    }
}
