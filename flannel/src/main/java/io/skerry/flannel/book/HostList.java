package io.skerry.flannel.book;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.book.FleetMachines.Machine;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.subnet.Lease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hosts as selectors see them, of leases and fleet's machines. A machine that fleet does not
 * know any more counts as it was for as long as its host's lease is there: a restart of fleet shall
 * not take a host out of a policy. Not thread-safe.
 */
public final class HostList {
    private final Map<String, Machine> lastKnown = new HashMap<>();

    /** The hosts that have leases. */
    public List<HostFacts> of(List<Lease> leases, Map<String, Machine> machines) {
        var subnets = new LinkedHashMap<String, List<Cidr>>();
        for (Lease lease : leases) {
            subnets.computeIfAbsent(
                            lease.value().publicIp().toString(), address -> new ArrayList<>())
                    .addAll(lease.subnets().all());
        }
        lastKnown.keySet().retainAll(subnets.keySet());
        machines.forEach((address, machine) -> {
            if (subnets.containsKey(address)) {
                lastKnown.put(address, machine);
            }
        });
        var hosts = new ArrayList<HostFacts>();
        subnets.forEach((address, networks) -> {
            Machine machine = lastKnown.getOrDefault(address, new Machine("", Map.of()));
            hosts.add(new HostFacts(address, machine.id(), machine.metadata(), networks));
        });
        return hosts;
    }
}
