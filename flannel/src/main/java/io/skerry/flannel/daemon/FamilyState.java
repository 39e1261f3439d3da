package io.skerry.flannel.daemon;

import io.skerry.base.log.Log;
import io.skerry.base.process.CommandException;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.SubnetRange;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.netfilter.Nftables;
import io.skerry.flannel.netfilter.Ruleset;
import io.skerry.flannel.plan.Change;
import io.skerry.flannel.plan.Difference;
import io.skerry.flannel.plan.Identity;
import io.skerry.flannel.plan.Peer;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.plan.Underlay;
import io.skerry.flannel.plan.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one family of addresses has of this host's kernel: a device, routes, rules. Compares it with
 * what shall be, and mends it. Confined to the daemon's thread.
 */
final class FamilyState {
    private static final Log LOG = Log.of(FamilyState.class);

    private final FlannelConfig daemon;
    private final NetworkConfig config;
    private final Underlay underlay;
    private final Identity identity;
    private final Kernel kernel;
    private final Nftables rules;
    private final FlannelMetrics metrics;
    private @Nullable Wanted lastWanted;
    private List<String> lastRefused = List.of();
    private List<String> lastUnusable = List.of();

    FamilyState(
            FlannelConfig daemon,
            NetworkConfig config,
            Underlay underlay,
            Identity identity,
            Kernel kernel,
            Nftables rules,
            FlannelMetrics metrics) {
        this.daemon = daemon;
        this.config = config;
        this.underlay = underlay;
        this.identity = identity;
        this.kernel = kernel;
        this.rules = rules;
        this.metrics = metrics;
    }

    Family family() {
        return underlay.address().family();
    }

    private SubnetRange range() {
        return config.range(family());
    }

    private Optional<String> device() {
        return Plan.deviceName(config.backend(), family());
    }

    /** How long packets of containers may be. */
    int mtu() {
        return Plan.mtu(config.backend(), family(), underlay.mtu());
    }

    /** How long packets to other hosts may be. */
    int outerMtu() {
        return Plan.outerMtu(config.backend(), underlay.mtu());
    }

    /** Hosts that cannot be reached, by the last look. */
    List<String> unusable() {
        return lastUnusable;
    }

    /**
     * Compares what is with what shall be, and mends it.
     *
     * @param own this host's subnet
     * @return what the kernel refuses
     */
    List<String> look(Cidr own, List<Peer> peers) throws IOException {
        Wanted wanted = Plan.of(config, underlay, own, identity, peers);
        lastWanted = wanted;
        List<String> refused = mend(wanted);
        forwardPackets();
        tellUnusable(wanted.unusable());
        return refused;
    }

    private List<String> mend(Wanted wanted) throws IOException {
        var observed = kernel.observe(device(), family());
        List<Change> changes = Difference.between(wanted, observed);
        metrics.looked();
        if (changes.isEmpty()) {
            return List.of();
        }
        for (Change change : changes) {
            metrics.changed(change.getClass().getSimpleName());
        }
        if (LOG.debugging()) {
            changes.forEach(change -> LOG.debug("changing the kernel", "change", change));
        }
        List<String> refused = kernel.apply(changes);
        metrics.refused(refused.size());
        if (!refused.equals(lastRefused)) {
            refused.forEach(refusal -> LOG.error("the kernel refuses a change", "why", refusal));
        }
        lastRefused = refused;
        return refused;
    }

    /** Removes what the next configuration would not make its own. */
    void makeWay(NetworkConfig next) throws IOException, InterruptedException {
        Wanted former = lastWanted;
        var nextRange = next.ranges().get(family());
        boolean takenOver =
                nextRange.equals(Optional.of(range()))
                        && Plan.deviceName(next.backend(), family()).equals(device());
        if (former != null && !takenOver) {
            kernel.apply(Difference.removal(former, kernel.observe(device(), family())));
        }
        if (nextRange.isEmpty()) {
            rules.remove();
        }
    }

    private void forwardPackets() throws IOException {
        Path setting =
                switch (family()) {
                    case IPV4 -> Path.of("/proc/sys/net/ipv4/ip_forward");
                    case IPV6 -> Path.of("/proc/sys/net/ipv6/conf/all/forwarding");
                };
        if (!Files.readString(setting).startsWith("1")) {
            Files.writeString(setting, "1\n");
        }
    }

    /** Sees to nftables' rules. */
    void ensureRules(Cidr own) throws CommandException, InterruptedException {
        var ruleset =
                new Ruleset(range().network(), own, daemon.masquerade(), daemon.forwardRules());
        if (rules.ensure(ruleset)) {
            LOG.info("nftables' rules are put", "table", ruleset.table());
        }
    }

    private void tellUnusable(List<String> unusable) {
        if (!unusable.equals(lastUnusable)) {
            unusable.forEach(peer -> LOG.warn("a host cannot be reached", "host", peer));
        }
        lastUnusable = unusable;
    }
}
