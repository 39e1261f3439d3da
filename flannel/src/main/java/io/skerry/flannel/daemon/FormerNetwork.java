package io.skerry.flannel.daemon;

import io.skerry.base.log.Log;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.netfilter.Nftables;
import io.skerry.flannel.netfilter.PolicyTable;
import io.skerry.flannel.plan.Change;
import io.skerry.flannel.plan.Difference;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.plan.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The network that the host was of when this program ran last, as the subnet file still tells. A
 * program that ends leaves all of it to the kernel; what another network takes its place for must
 * go when the program runs again.
 *
 * @param network all its addresses of one family
 * @param subnet the host's
 */
record FormerNetwork(Cidr network, Cidr subnet) {
    private static final Log LOG = Log.of(FormerNetwork.class);

    /** What names of the overlay's devices begin with, here and with the original. */
    private static final String DEVICES = "flannel";

    /**
     * Removes what the present network does not make its own. Other networks' parts on this host
     * are left alone, since their addresses are others.
     */
    void makeWay(NetworkConfig present, Kernel kernel) throws IOException, InterruptedException {
        Family family = network.family();
        var changes = new ArrayList<Change>();
        boolean same =
                present.ranges()
                        .get(family)
                        .map(range -> range.network().equals(network))
                        .orElse(false);
        if (!same) {
            var routes = Wanted.nothing(network, subnet.length());
            changes.addAll(Difference.removal(routes, kernel.observe(Optional.empty(), family)));
            Nftables.removeTableOf(network);
            PolicyTable.removeTableOf(network);
        }
        changes.addAll(devices(present, kernel)); // last, as routes go with them
        if (!changes.isEmpty()) {
            LOG.info("removes what a former network left", "network", network);
            kernel.apply(changes).forEach(refusal -> LOG.warn("something stays", "why", refusal));
        }
    }

    /** Ours has the first address of the host's subnet, and a name that another backend gave it. */
    private List<Change> devices(NetworkConfig present, Kernel kernel) throws IOException {
        Family family = network.family();
        String kept =
                present.ranges().get(family).isPresent()
                        ? Plan.deviceName(present.backend(), family).orElse("")
                        : "";
        var changes = new ArrayList<Change>();
        for (Kernel.Interface device : kernel.interfaces()) {
            boolean ours =
                    device.name().startsWith(DEVICES)
                            && device.addresses().stream()
                                    .anyMatch(own -> own.address().equals(subnet.first()));
            if (ours && !device.name().equals(kept)) {
                changes.add(new Change.RemoveDevice(device.name()));
            }
        }
        return changes;
    }
}
