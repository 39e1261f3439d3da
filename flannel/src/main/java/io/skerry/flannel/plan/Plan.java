package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.address.WireguardSecret;
import io.skerry.flannel.config.BackendConfig;
import io.skerry.flannel.config.NetworkConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one host's kernel shall hold of one family of addresses, from the network's configuration
 * and the leases. Device names and tables are the original's, which has a device for each family.
 */
public final class Plan {
    /** Outer Ethernet is not counted in an MTU: IP 20, UDP 8, VXLAN 8, inner Ethernet 14. */
    private static final int VXLAN_BYTES = 50;

    /** How much longer an IP header of version 6 is. */
    private static final int MORE_BYTES_OF_IPV6 = 20;

    private static final int UDP_BYTES = 28;
    private static final int IPIP_BYTES = 20;

    /** Of either family: IP 40, UDP 8, WireGuard 32. */
    private static final int WIREGUARD_BYTES = 80;

    private final NetworkConfig config;
    private final Underlay underlay;
    private final Cidr own;
    private final Identity identity;

    /** Null where the backend has none. */
    private final @Nullable WireguardKey ownKey;

    private final Set<Route> routes = new HashSet<>();
    private final Set<Neighbour> neighbours = new HashSet<>();
    private final Set<Forwarding> forwardings = new HashSet<>();
    private final Map<WireguardKey, Tunnel> tunnels = new HashMap<>();
    private final List<String> unusable = new ArrayList<>();

    private Plan(NetworkConfig config, Underlay underlay, Cidr own, Identity identity) {
        this.config = config;
        this.underlay = underlay;
        this.own = own;
        this.identity = identity;
        this.ownKey = identity.key().map(WireguardSecret::publicKey).orElse(null);
    }

    /**
     * Plans for the family of the host's subnet.
     *
     * @param own this host's subnet
     * @param identity what the other hosts know this host's device by
     * @param peers all other hosts; of several with one key the last one tells where it is
     */
    public static Wanted of(
            NetworkConfig config,
            Underlay underlay,
            Cidr own,
            Identity identity,
            Collection<Peer> peers) {
        return new Plan(config, underlay, own, identity).with(peers);
    }

    /** The name of the backend's device; empty if it has none. */
    public static Optional<String> deviceName(BackendConfig backend, Family family) {
        return switch (backend) {
            case BackendConfig.Vxlan vxlan ->
                    Optional.of((family == Family.IPV4 ? "flannel." : "flannel-v6.") + vxlan.vni());
            case BackendConfig.Wireguard _ ->
                    Optional.of(family == Family.IPV4 ? "flannel-wg" : "flannel-wg-v6");
            case BackendConfig.Udp _ -> Optional.of("flannel0");
            case BackendConfig.Ipip _ -> Optional.of("flannel.ipip");
            case BackendConfig.HostGw _ -> Optional.empty();
        };
    }

    /** How long packets between hosts may be, over an underlay of that MTU. */
    public static int outerMtu(BackendConfig backend, int underlayMtu) {
        return switch (backend) {
            case BackendConfig.Vxlan vxlan -> vxlan.mtu().orElse(underlayMtu);
            case BackendConfig.Wireguard wireguard -> wireguard.mtu().orElse(underlayMtu);
            case BackendConfig.Udp _, BackendConfig.Ipip _, BackendConfig.HostGw _ -> underlayMtu;
        };
    }

    /** How long packets of containers may be, over an underlay of that MTU. */
    public static int mtu(BackendConfig backend, Family family, int underlayMtu) {
        int more = family == Family.IPV4 ? 0 : MORE_BYTES_OF_IPV6;
        return outerMtu(backend, underlayMtu)
                - switch (backend) {
                    case BackendConfig.Vxlan _ -> VXLAN_BYTES + more;
                    case BackendConfig.Wireguard _ -> WIREGUARD_BYTES;
                    case BackendConfig.Udp _ -> UDP_BYTES;
                    case BackendConfig.Ipip _ -> IPIP_BYTES;
                    case BackendConfig.HostGw _ -> 0;
                };
    }

    private Wanted with(Collection<Peer> peers) {
        int mtu = mtu(config.backend(), own.family(), underlay.mtu());
        Optional<DeviceSpec> device = device(mtu);
        var addresses = new HashSet<Cidr>();
        device.ifPresent(spec -> addresses.add(deviceAddress(spec)));
        if (device.orElse(null) instanceof DeviceSpec.Wireguard(String name, int _, int _, var _)) {
            // Also what no host has now: it must not leave by the default route, unencrypted.
            Cidr all = config.range(own.family()).network();
            routes.add(new Route(all, Optional.empty(), name, false, 0));
        }
        for (Peer peer : peers) {
            if (!peer.backendType().equals(config.backend().type())) {
                unusable.add(
                        peer.subnet()
                                + " at "
                                + peer.publicIp()
                                + " speaks "
                                + (peer.backendType().isEmpty() ? "nothing" : peer.backendType()));
            } else if (peer.subnet().overlaps(own)) {
                unusable.add(peer.subnet() + " at " + peer.publicIp() + " overlaps our " + own);
            } else {
                reach(peer, device.map(DeviceSpec::name).orElse(""));
            }
        }
        return new Wanted(
                config.range(own.family()).network(),
                config.range(own.family()).subnetLength(),
                device,
                addresses,
                routes,
                neighbours,
                forwardings,
                Set.copyOf(tunnels.values()),
                unusable);
    }

    private Optional<DeviceSpec> device(int mtu) {
        String name = deviceName(config.backend(), own.family()).orElse("");
        Ip local = underlay.address().address();
        return switch (config.backend()) {
            case BackendConfig.Vxlan vxlan ->
                    Optional.of(
                            new DeviceSpec.Vxlan(
                                    name,
                                    mtu,
                                    vxlan.vni(),
                                    local,
                                    underlay.index(),
                                    vxlan.port(),
                                    vxlan.learning(),
                                    vxlan.gbp(),
                                    identity.mac().orElseThrow()));
            case BackendConfig.Wireguard wireguard ->
                    Optional.of(
                            new DeviceSpec.Wireguard(
                                    name,
                                    mtu,
                                    wireguard.port(own.family()),
                                    identity.key().orElseThrow()));
            case BackendConfig.Ipip _ ->
                    Optional.of(new DeviceSpec.Ipip(name, mtu, (Ip4) local, underlay.index()));
            case BackendConfig.Udp _ -> Optional.of(new DeviceSpec.Tun(name, mtu));
            case BackendConfig.HostGw _ -> Optional.empty();
        };
    }

    /** The address with the whole network's length makes the kernel's route into the TUN device. */
    private Cidr deviceAddress(DeviceSpec device) {
        return device instanceof DeviceSpec.Tun
                ? Cidr.of(own.first(), config.range(own.family()).network().length())
                : Cidr.host(own.first());
    }

    private void reach(Peer peer, String device) {
        switch (config.backend()) {
            case BackendConfig.HostGw _ -> routed(peer);
            case BackendConfig.Udp _ -> {
                // The program looks up where each packet goes.
            }
            case BackendConfig.Wireguard wireguard -> encrypted(peer, wireguard);
            case BackendConfig.Ipip ipip -> {
                if (ipip.directRouting() && underlay.reaches(peer.publicIp())) {
                    routed(peer);
                } else {
                    routes.add(Route.via(peer.subnet(), peer.publicIp(), device, true));
                }
            }
            case BackendConfig.Vxlan vxlan -> {
                if (vxlan.directRouting() && underlay.reaches(peer.publicIp())) {
                    routed(peer);
                } else {
                    encapsulated(peer, device);
                }
            }
        }
    }

    private void routed(Peer peer) {
        if (!underlay.reaches(peer.publicIp())) {
            unusable.add(
                    peer.subnet()
                            + " at "
                            + peer.publicIp()
                            + " is not on our link "
                            + underlay.address().network());
            return;
        }
        routes.add(Route.via(peer.subnet(), peer.publicIp(), underlay.device(), false));
    }

    private void encrypted(Peer peer, BackendConfig.Wireguard wireguard) {
        if (peer.publicKey().isEmpty()) {
            unusable.add(peer.subnet() + " at " + peer.publicIp() + " tells no PublicKey");
            return;
        }
        WireguardKey key = peer.publicKey().get();
        if (key.equals(ownKey)) {
            return; // This host's lease of before, at another address. The kernel wants it not.
        }
        Set<Cidr> subnets = new HashSet<>(Set.of(peer.subnet()));
        Tunnel former = tunnels.get(key);
        if (former != null) {
            subnets.addAll(former.subnets()); // Its lease of before has not run out yet.
        }
        tunnels.put(
                key,
                new Tunnel(
                        key,
                        wireguard.shared(),
                        Optional.of(peer.publicIp()),
                        wireguard.port(own.family()),
                        wireguard.keepaliveSeconds(),
                        subnets,
                        false));
    }

    private void encapsulated(Peer peer, String device) {
        if (peer.vtepMac().isEmpty()) {
            unusable.add(peer.subnet() + " at " + peer.publicIp() + " tells no VtepMAC");
            return;
        }
        Mac remote = peer.vtepMac().get();
        Ip gateway = peer.subnet().first();
        neighbours.add(new Neighbour(gateway, remote));
        forwardings.add(new Forwarding(remote, peer.publicIp()));
        routes.add(Route.via(peer.subnet(), gateway, device, true));
    }
}
