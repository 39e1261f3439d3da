package io.skerry.flannel.daemon;

import io.skerry.base.log.Log;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.address.WireguardSecret;
import io.skerry.flannel.config.BackendConfig;
import io.skerry.flannel.config.ConfigFault;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.netfilter.Nftables;
import io.skerry.flannel.plan.DeviceSpec;
import io.skerry.flannel.plan.Identity;
import io.skerry.flannel.plan.Peer;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.plan.Underlay;
import io.skerry.flannel.proxy.HostTable;
import io.skerry.flannel.subnet.Endpoint;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.flannel.subnet.NetworkStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One configuration of the network on this host, from the choice of an interface to the routes.
 * Confined to the daemon's thread.
 */
final class HostNetwork {
    private static final Log LOG = Log.of(HostNetwork.class);
    private static final int VNI_MASK = 0xff;

    /** As long as a claim may be under way before the watch tells of it. */
    private static final long MISSING_NANOS = 700_000_000;

    private final FlannelConfig daemon;
    private final NetworkConfig config;
    private final Kernel kernel;
    private final FlannelMetrics metrics;
    private final PerFamily<Underlay> underlays;
    private final SubnetFile file;
    private final LeaseValue value;
    private final SubnetHolder holder;
    private final List<FamilyState> states = new ArrayList<>();
    private final @Nullable PacketCarrier carrier;
    private Map<Ip, Integer> hosts = Map.of();
    private long missingSince;

    /**
     * Begins to hold subnets for the host.
     *
     * @param rules for each family
     * @param goingOn with what the host knew when it ran last
     */
    HostNetwork(
            FlannelConfig daemon,
            NetworkConfig config,
            NetworkStore store,
            Kernel kernel,
            Map<Family, Nftables> rules,
            FlannelMetrics metrics,
            boolean goingOn,
            Runnable wake)
            throws IOException, InterruptedException {
        this.daemon = daemon;
        this.config = config;
        this.kernel = kernel;
        this.metrics = metrics;
        this.underlays = daemon.interfaces().choose(kernel, config.ranges().families());
        for (Underlay underlay : underlays.all()) {
            requireUsable(config.backend(), underlay);
        }
        this.file = new SubnetFile(daemon.subnetFile());
        Optional<WireguardSecret> key =
                config.backend() instanceof BackendConfig.Wireguard
                        ? Optional.of(HostKey.of(daemon.keyFile()))
                        : Optional.empty();
        this.value = leaseValue(key.map(WireguardSecret::publicKey));
        for (Underlay underlay : underlays.all()) {
            Family family = underlay.address().family();
            states.add(
                    new FamilyState(
                            daemon,
                            config,
                            underlay,
                            new Identity(
                                    value.endpoints().get(family).orElseThrow().vtepMac(), key),
                            kernel,
                            rules.computeIfAbsent(family, _ -> new Nftables()),
                            metrics));
        }
        this.carrier =
                config.backend() instanceof BackendConfig.Udp udp ? carrier(udp, wake) : null;
        if (carrier == null && !daemon.carrierCommand().isEmpty()) {
            UnitCarrier.removeLeftover();
        }
        for (FormerNetwork former : file.former()) {
            former.makeWay(config, kernel);
        }
        LOG.info(
                "takes part in the network",
                "network",
                config.network(),
                "backend",
                config.backend().type(),
                "interface",
                underlays.first().device(),
                "publicIp",
                value.publicIp());
        this.holder =
                new SubnetHolder(
                        store, daemon, config, value, file.previous(config), goingOn, wake);
    }

    /**
     * Refuses a network whose devices this host's kernel cannot make.
     *
     * @throws ConfigFault with the module that is missing
     */
    static void requireMakeable(BackendConfig backend, Kernel kernel)
            throws ConfigFault, IOException {
        boolean ofAModule =
                backend instanceof BackendConfig.Vxlan
                        || backend instanceof BackendConfig.Wireguard
                        || backend instanceof BackendConfig.Ipip;
        if (ofAModule && !kernel.makes(backend.type())) {
            throw new ConfigFault(
                    "Backend.Type is "
                            + backend.type()
                            + ", and this host's kernel has no such devices: load or install its"
                            + " module \""
                            + backend.type()
                            + "\", or give the network another backend");
        }
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

    private LeaseValue leaseValue(Optional<WireguardKey> publicKey) throws IOException {
        var endpoints = new EnumMap<Family, Endpoint>(Family.class);
        int vni = 0;
        for (Underlay underlay : underlays.all()) {
            Optional<Mac> mac = Optional.empty();
            if (config.backend() instanceof BackendConfig.Vxlan vxlan) {
                mac = Optional.of(mac(vxlan, underlay));
                vni = vxlan.vni();
            }
            endpoints.put(
                    underlay.address().family(), new Endpoint(underlay.publicIp(), mac, publicKey));
        }
        return new LeaseValue(PerFamily.of(endpoints), config.backend().type(), vni);
    }

    /**
     * That of the device which an earlier run left; otherwise one made of the host's address, so
     * that a device which is made anew needs no change on any other host.
     */
    private Mac mac(BackendConfig.Vxlan vxlan, Underlay underlay) throws IOException {
        Family family = underlay.address().family();
        var present = kernel.observe(Plan.deviceName(vxlan, family), family).device();
        if (present.isPresent() && present.get() instanceof DeviceSpec.Vxlan device) {
            return device.mac();
        }
        long bits =
                switch (underlay.publicIp()) {
                    case Ip4(int number) -> Integer.toUnsignedLong(Integer.reverseBytes(number));
                    case Ip6 ip -> Integer.toUnsignedLong(ip.hashCode());
                };
        return Mac.local((bits << 16) | ((long) (vxlan.vni() & VNI_MASK) << 8));
    }

    private PacketCarrier carrier(BackendConfig.Udp udp, Runnable wake) {
        String device = Plan.deviceName(udp, Family.IPV4).orElseThrow();
        var local = (Ip4) underlays.first().address().address();
        Path subnets = daemon.subnetFile();
        return daemon.carrierCommand().isEmpty()
                ? new OwnCarrier(device, local, udp.port(), wake)
                : new UnitCarrier(
                        daemon.carrierCommand(),
                        device,
                        local,
                        udp.port(),
                        subnets.resolveSibling("." + subnets.getFileName() + ".hosts"));
    }

    /** Whether nobody carries packets while this program does not run. */
    boolean forgets() {
        return carrier != null && carrier.endsWithProgram();
    }

    /** Where the other hosts are by the last look, and how long packets to them may be. */
    Map<Ip, Integer> hosts() {
        return hosts;
    }

    NetworkConfig config() {
        return config;
    }

    Optional<PerFamily<Cidr>> subnets() {
        return holder.subnets();
    }

    Optional<String> problem() {
        return holder.problem();
    }

    /** Null with a backend whose packets the kernel carries. */
    @Nullable PacketCarrier carrier() {
        return carrier;
    }

    /** The interface is another than it was: this object is of no use any more. */
    boolean isOutdated() throws IOException {
        return !daemon.interfaces().choose(kernel, config.ranges().families()).equals(underlays);
    }

    /**
     * Compares what is with what shall be, and mends it.
     *
     * @param leases all that there are
     * @param alsoRules tells once whether nftables' rules may have changed; asked when there is a
     *     subnet, without which there are no rules
     * @return what cannot be mended; empty if all is well
     */
    Optional<String> look(List<Lease> leases, BooleanSupplier alsoRules)
            throws IOException, InterruptedException {
        Optional<PerFamily<Cidr>> own = holder.subnets();
        if (own.isEmpty()) {
            return holder.problem();
        }
        checkOwnLease(leases, own.get());
        var refused = new ArrayList<String>();
        var unusable = new ArrayList<String>();
        int reachable = 0;
        var found = new HashMap<Ip, Integer>();
        for (FamilyState state : states) {
            Cidr subnet = own.get().get(state.family()).orElseThrow();
            List<Peer> peers = peers(leases, subnet);
            peers.forEach(peer -> found.put(peer.publicIp(), state.outerMtu()));
            refused.addAll(state.look(subnet, peers));
            unusable.addAll(state.unusable());
            reachable = Math.max(reachable, peers.size() - state.unusable().size());
            if (carrier != null) {
                carrier.carry(hosts(peers));
            }
        }
        hosts = Map.copyOf(found);
        String text = SubnetFile.text(config, own.get(), mtu(), daemon.masquerade());
        file.write(text);
        if (daemon.cniConf().isPresent()) {
            SubnetEnv.replaceIfChanged(
                    daemon.cniConf().get(), CniConfig.USUAL.text(SubnetEnv.parse(text)));
        }
        if (alsoRules.getAsBoolean()) {
            // Containers can have their addresses meanwhile: nft takes longer than all the rest.
            for (FamilyState state : states) {
                state.ensureRules(own.get().get(state.family()).orElseThrow());
            }
        }
        metrics.peers(reachable, unusable.size());
        return refused.isEmpty()
                ? holder.problem()
                : Optional.of("the kernel refuses: " + refused.getFirst());
    }

    /** Containers have one, whatever family they speak. */
    private int mtu() {
        return states.stream().mapToInt(FamilyState::mtu).min().orElseThrow();
    }

    /** The other hosts with a subnet of the same family, the latest last. */
    private List<Peer> peers(List<Lease> leases, Cidr own) {
        var newest = new LinkedHashMap<Cidr, Lease>();
        for (Lease lease : leases) {
            LeaseValue of = lease.value();
            Optional<Cidr> subnet = lease.subnets().get(own.family());
            boolean isOwn =
                    subnet.equals(Optional.of(own)) || of.publicIp().equals(value.publicIp());
            // A reservation that no host took yet leads nowhere.
            boolean leads = of.endpoints().get(own.family()).isPresent() && !spoken(of).isEmpty();
            if (subnet.isPresent() && !isOwn && leads) {
                // Two keys may name one subnet: with a second half for IPv6, and without.
                newest.merge(
                        subnet.get(),
                        lease,
                        (one, other) -> one.modRevision() > other.modRevision() ? one : other);
            }
        }
        var peers = new ArrayList<Peer>();
        Comparator<Map.Entry<Cidr, Lease>> oldestFirst =
                Comparator.comparingLong(held -> held.getValue().modRevision());
        newest.entrySet().stream()
                .sorted(oldestFirst)
                .forEach(held -> {
                    LeaseValue of = held.getValue().value();
                    Endpoint endpoint = of.endpoints().get(own.family()).orElseThrow();
                    peers.add(
                            new Peer(
                                    held.getKey(),
                                    endpoint.publicIp(),
                                    spoken(of),
                                    endpoint.vtepMac(),
                                    endpoint.publicKey()));
                });
        return peers;
    }

    /** The original's udp backend names itself in no lease, unlike all its others. */
    private String spoken(LeaseValue of) {
        boolean unnamed = of.backendType().isEmpty();
        return unnamed && carrier != null ? config.backend().type() : of.backendType();
    }

    /** Those that speak what this host speaks. */
    private HostTable hosts(List<Peer> peers) {
        var hosts = new HashMap<Cidr4, Ip4>();
        for (Peer peer : peers) {
            if (peer.backendType().equals(config.backend().type())
                    && peer.subnet() instanceof Cidr4 subnet
                    && peer.publicIp() instanceof Ip4 host) {
                hosts.put(subnet, host);
            }
        }
        return new HostTable(hosts);
    }

    private void checkOwnLease(List<Lease> leases, PerFamily<Cidr> own) {
        boolean there =
                leases.stream()
                        .anyMatch(lease ->
                                lease.subnets().equals(own) && lease.value().equals(value));
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
        return missingSince != 0 || (carrier != null && carrier.isBroken());
    }

    /**
     * Ends this host's part for another configuration's sake.
     *
     * @param next what becomes of the host's network
     */
    void makeWay(NetworkConfig next) throws IOException, InterruptedException {
        end(false);
        if (carrier != null && !next.backend().equals(config.backend())) {
            carrier.end(); // before its device goes, which it would make again
        }
        for (FamilyState state : states) {
            state.makeWay(next);
        }
    }

    /** Ends this host's part; what the kernel holds stays and goes on to forward. */
    void end(boolean forGood) {
        if (forGood) {
            holder.resign();
        } else {
            holder.close();
        }
        if (carrier != null) {
            leave(carrier, forGood);
        }
    }

    private static void leave(PacketCarrier carrier, boolean forGood) {
        carrier.leave();
        if (forGood) {
            try {
                carrier.end();
            } catch (IOException e) {
                LOG.warn("the carrier of packets goes on", "why", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
