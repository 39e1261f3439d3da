package io.skerry.flannel.policy;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import java.util.List;
import java.util.Map;

/**
 * A host of the overlay, as selectors see it.
 *
 * @param publicIp as its lease has it
 * @param machineId by which fleet knows it; empty if it does not
 * @param metadata fleet's; none if fleet does not know it
 * @param subnets the addresses of its containers
 */
public record HostFacts(
        String publicIp, String machineId, Map<String, String> metadata, List<Cidr> subnets) {
    private static final int SHORT_ID_LENGTH = 8;

    public HostFacts {
        metadata = Map.copyOf(metadata);
        subnets = List.copyOf(subnets);
    }

    /** Whether a text is its address, its machine's id, or the first eight letters of that. */
    public boolean isNamed(String name) {
        return !name.isEmpty()
                && (name.equals(publicIp)
                        || name.equals(machineId)
                        || (name.length() == SHORT_ID_LENGTH && machineId.startsWith(name)));
    }

    boolean has(Ip address) {
        return subnets.stream().anyMatch(subnet -> subnet.contains(address));
    }
}
