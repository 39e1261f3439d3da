package io.skerry.flannel.daemon;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.config.BackendConfig;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.netfilter.Nftables;
import io.skerry.flannel.netfilter.Ruleset;
import io.skerry.flannel.plan.Change;
import io.skerry.flannel.plan.DeviceSpec;
import io.skerry.flannel.plan.Difference;
import io.skerry.flannel.plan.Observed;
import io.skerry.flannel.plan.Peer;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.plan.Underlay;
import io.skerry.flannel.plan.Wanted;
import io.skerry.flannel.proxy.UdpProxy;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.LeaseValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One configuration of the network on this host, from the choice of an interface to the routes.
 * Confined to the daemon's thread.
 */
final class HostNetwork {
    private static final Log LOG = Log.of(HostNetwork.class);
    private static final Path IP_FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final int VNI_MASK = 0xff;

    /** As long as a claim may be under way before the watch tells of it. */
    private static final long MISSING_NANOS = 700_000_000;

    private final FlannelConfig daemon;
    private final NetworkConfig config;
    private final Kernel kernel;
    private final Nftables rules;
    private final FlannelMetrics metrics;
    private final Runnable wake;
    private final Underlay underlay;
    private final SubnetFile file;
    private final LeaseValue value;
    private final SubnetHolder holder;
    private volatile @Nullable UdpProxy proxy;
    private volatile boolean proxyBroken;
    private List<String> lastRefused = List.of();
    private List<String> lastUnusable = List.of();
    private long missingSince;

    /**
     * Begins to hold a subnet for the host.
     *
     * @param goingOn with what the host knew when it ran last
     */
    HostNetwork(
            FlannelConfig daemon,
            NetworkConfig config,
            EtcdClient client,
            Kernel kernel,
            Nftables rules,
            FlannelMetrics metrics,
            boolean goingOn,
            Runnable wake)
            throws IOException {
        this.daemon = daemon;
        this.config = config;
        this.kernel = kernel;
        this.rules = rules;
        this.metrics = metrics;
        this.wake = wake;
        this.underlay = daemon.interfaces().choose(kernel);
        requireUsable(config.backend(), underlay);
        this.file = new SubnetFile(daemon.subnetFile());
        this.value = leaseValue();
        LOG.info(
                "takes part in the network",
                "network",
                config.network(),
                "backend",
                config.backend().type(),
                "interface",
                underlay.device(),
                "publicIp",
                underlay.publicIp());
        this.holder =
                new SubnetHolder(
                        client, daemon, config, value, file.previous(config), goingOn, wake);
    }

    private static void requireUsable(BackendConfig backend, Underlay underlay) throws IOException {
        boolean routed = backend instanceof BackendConfig.HostGw;
        if (routed && !underlay.address().address().equals(underlay.publicIp())) {
            throw new IOException(
                    "host-gw cannot work with a public address "
                            + underlay.publicIp()
                            + " that is not that of the interface "
                            + underlay.device()
                            + ", "
                            + underlay.address().address());
        }
    }

    private LeaseValue leaseValue() throws IOException {
        if (config.backend() instanceof BackendConfig.Vxlan vxlan) {
            return new LeaseValue(
                    underlay.publicIp(), vxlan.type(), Optional.of(mac(vxlan)), vxlan.vni());
        }
        return LeaseValue.of(underlay.publicIp(), config.backend().type());
    }

    /**
     * That of the device which an earlier run left; otherwise one made of the host's address, so
     * that a device which is made anew needs no change on any other host.
     */
    private Mac mac(BackendConfig.Vxlan vxlan) throws IOException {
        var present = kernel.observe(Plan.deviceName(vxlan)).device();
        if (present.isPresent() && present.get() instanceof DeviceSpec.Vxlan device) {
            return device.mac();
        }
        long bits = Integer.toUnsignedLong(Integer.reverseBytes(underlay.publicIp().bits()));
        return Mac.local((bits << 16) | ((long) (vxlan.vni() & VNI_MASK) << 8));
    }

    /** Whether nobody carries packets while this program does not run. */
    boolean forgets() {
        return config.backend() instanceof BackendConfig.Udp;
    }

    NetworkConfig config() {
        return config;
    }

    Optional<Cidr4> subnet() {
        return holder.subnet();
    }

    Optional<String> problem() {
        return holder.problem();
    }

    @Nullable UdpProxy proxy() {
        return proxy;
    }

    /** The interface is another than it was: this object is of no use any more. */
    boolean isOutdated() throws IOException {
        return !daemon.interfaces().choose(kernel).equals(underlay);
    }

    /**
     * Compares what is with what shall be, and mends it.
     *
     * @param leases all that there are
     * @param alsoRules whether nftables' rules may have changed
     * @return what cannot be mended; empty if all is well
     */
    Optional<String> look(List<Lease> leases, boolean alsoRules)
            throws IOException, InterruptedException {
        Optional<Cidr4> own = holder.subnet();
        if (own.isEmpty()) {
            return holder.problem();
        }
        checkOwnLease(leases, own.get());
        List<Peer> peers = peers(leases, own.get());
        Wanted wanted = Plan.of(config, underlay, own.get(), value.vtepMac(), peers);
        List<String> refused = mend(wanted);
        carry(peers);
        forwardPackets();
        if (alsoRules) {
            var ruleset =
                    new Ruleset(
                            config.network(),
                            own.get(),
                            daemon.masquerade(),
                            daemon.forwardRules());
            if (rules.ensure(ruleset)) {
                LOG.info("nftables' rules are put", "table", ruleset.table());
            }
        }
        int mtu = Plan.mtu(config.backend(), underlay.mtu());
        file.write(SubnetFile.text(config, own.get(), mtu, daemon.masquerade()));
        metrics.peers(peers.size() - wanted.unusable().size(), wanted.unusable().size());
        tellUnusable(wanted.unusable());
        return refused.isEmpty()
                ? holder.problem()
                : Optional.of("the kernel refuses: " + refused.getFirst());
    }

    private List<Peer> peers(List<Lease> leases, Cidr4 own) {
        var newest = new LinkedHashMap<Cidr4, Lease>();
        for (Lease lease : leases) {
            LeaseValue of = lease.value();
            boolean isOwn = lease.subnet().equals(own) || of.publicIp().equals(underlay.publicIp());
            // A reservation that no host took yet leads nowhere.
            if (!isOwn && !of.backendType().isEmpty()) {
                // Two keys may name one subnet: with a second half for IPv6, and without.
                newest.merge(
                        lease.subnet(),
                        lease,
                        (one, other) -> one.modRevision() > other.modRevision() ? one : other);
            }
        }
        var peers = new ArrayList<Peer>();
        for (Lease lease : newest.values()) {
            LeaseValue of = lease.value();
            peers.add(new Peer(lease.subnet(), of.publicIp(), of.backendType(), of.vtepMac()));
        }
        return peers;
    }

    private void checkOwnLease(List<Lease> leases, Cidr4 own) {
        boolean there =
                leases.stream()
                        .anyMatch(
                                lease -> lease.subnet().equals(own) && lease.value().equals(value));
        if (there || holder.problem().isPresent()) {
            missingSince = 0;
        } else if (missingSince == 0) {
            missingSince = System.nanoTime();
        } else if (System.nanoTime() - missingSince > MISSING_NANOS) {
            LOG.warn("own lease is gone or changed, claiming it anew", "subnet", own);
            missingSince = 0;
            holder.reclaim();
        }
    }

    /** Whether it should be looked again soon, though nobody tells of a change. */
    boolean isUnsure() {
        return missingSince != 0 || proxyBroken;
    }

    private List<String> mend(Wanted wanted) throws IOException {
        Optional<String> device = wanted.device().map(DeviceSpec::name);
        Observed observed = kernel.observe(device);
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

    private void tellUnusable(List<String> unusable) {
        if (!unusable.equals(lastUnusable)) {
            unusable.forEach(peer -> LOG.warn("a host cannot be reached", "host", peer));
        }
        lastUnusable = unusable;
    }

    private void carry(List<Peer> peers) throws IOException {
        if (!(config.backend() instanceof BackendConfig.Udp udp)) {
            return;
        }
        UdpProxy running = proxy;
        if (running != null && proxyBroken) {
            running.close();
            running = null;
            proxy = null; // if opening fails below, the next look tries again
        }
        if (running == null) {
            proxyBroken = false;
            running =
                    UdpProxy.open(
                            Plan.deviceName(udp).orElseThrow(),
                            underlay.address().address(),
                            udp.port(),
                            () -> {
                                proxyBroken = true;
                                wake.run();
                            });
            proxy = running;
        }
        var hosts = new HashMap<Cidr4, Ip4>();
        for (Peer peer : peers) {
            if (peer.backendType().equals(udp.type())) {
                hosts.put(peer.subnet(), peer.publicIp());
            }
        }
        running.forward(hosts);
    }

    private static void forwardPackets() throws IOException {
        if (!Files.readString(IP_FORWARD).startsWith("1")) {
            Files.writeString(IP_FORWARD, "1\n");
        }
    }

    /** Ends this host's part; what the kernel holds stays and goes on to forward. */
    void end(boolean forGood) {
        if (forGood) {
            holder.resign();
        } else {
            holder.close();
        }
        UdpProxy running = proxy;
        if (running != null) {
            running.close();
        }
    }
}
