package io.skerry.containers.run;

import io.skerry.base.log.Log;
import io.skerry.base.process.Command;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The containers' network on a host: a bridge, an address on it for each container, and the host's
 * ports that lead to them. Which addresses and ports are taken is what the containers' folders say,
 * so nothing has to be remembered.
 *
 * <p>Thread-safe: {@code lock} keeps an address or a port from being given twice.
 */
final class ContainerNetwork {
    private static final Log LOG = Log.of(ContainerNetwork.class);
    private static final String BRIDGE = "skerry0";

    /** A fixed one: else it would change with the containers that come and go. */
    private static final String BRIDGE_MAC = "02:5c:00:00:00:01";

    private static final String TABLE = "skerry_containers";
    private static final int DEVICE_DIGITS = 12;

    /**
     * Keeps containers from the host's own 127.0.0.1, which route_localnet opens, and from sending
     * in the name of others.
     */
    private static final String GUARD = "chain guard";

    /**
     * Who sends to a port of UDP again and again, from the same one, is a single connection to the
     * kernel, for which it decides once where it leads: to a container that is gone, or nowhere if
     * it began before the container. In another zone it is another connection.
     */
    private static final String ZONES = "udp_zones";

    private final ReentrantLock lock = new ReentrantLock();
    private final HostSubnet host;

    ContainerNetwork(HostSubnet host) {
        this.host = host;
    }

    /** Gives a container its network namespace, an address, and the ports it publishes. */
    String connect(Bundle bundle, List<PublishedPort> ports)
            throws ContainerException, IOException, InterruptedException {
        lock.lock();
        try {
            Subnet subnet = host.now(); // whoever prepares has waited for it
            String address = subnet.assign(taken());
            refuseTakenPorts(ports);
            bundle.writeAddress(address);
            bundle.writePorts(ports);
            // With the new ones written, whoever makes the rules anew has them as well.
            ensureBridge(subnet);
            plugIn(bundle, subnet, address);
            nft(elements("add", address, ports, bundle.generation()));
            return address;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a container sends to a port of its own goes back through its cable. Where br_netfilter
     * is loaded, the bridge itself does that, and only with the cable in this mode.
     */
    private static void plugIn(Bundle bundle, Subnet subnet, String address)
            throws IOException, InterruptedException {
        String namespace = namespace(bundle.name());
        String device = device(bundle.name());
        ip(
                List.of(),
                """
                netns add %1$s
                link add %2$s type veth peer name eth0 netns %1$s
                link set %2$s master %3$s up
                link set %2$s type bridge_slave hairpin on
                """
                        .formatted(namespace, device, BRIDGE));
        number(bundle, subnet, address);
    }

    /** Gives the container's end of its cable an address, and takes any other from it. */
    private static void number(Bundle bundle, Subnet subnet, String address)
            throws IOException, InterruptedException {
        ip(
                List.of("-n", namespace(bundle.name())),
                """
                link set lo up
                %saddr flush dev eth0
                link set eth0 address %s
                addr add %s/%d dev eth0
                link set eth0 mtu %d up
                route replace default via %s
                """
                        .formatted(
                                withoutLinkLocal(),
                                mac(address),
                                address,
                                subnet.prefix(),
                                subnet.mtu(),
                                subnet.gateway()));
    }

    /** Nobody judges what goes between addresses that no policy knows. */
    private static String withoutLinkLocal() {
        return Files.exists(Path.of("/proc/sys/net/ipv6"))
                ? "link set eth0 addrgenmode none\n"
                : "";
    }

    /** Gives containers that have addresses of another subnet new ones of the host's. */
    void renumber() throws ContainerException, IOException, InterruptedException {
        lock.lock();
        try {
            var subnet = host.told();
            if (subnet.isEmpty()) {
                return;
            }
            for (Bundle bundle : Bundle.all()) {
                var old = bundle.address();
                if (old.isPresent() && !subnet.get().contains(old.get())) {
                    renumber(bundle, subnet.get(), old.get());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** What fails for one, as it may be going just now, does not keep the others from theirs. */
    private static void renumber(Bundle bundle, Subnet subnet, String old)
            throws InterruptedException {
        try {
            String address = subnet.assign(taken());
            unpublish(old, bundle);
            bundle.writeAddress(address);
            ensureBridge(subnet);
            number(bundle, subnet, address);
            bundle.writeEtc(address);
            nft(elements("add", address, bundle.ports(), bundle.generation()));
            LOG.info(
                    "container has another address, as the host has another subnet",
                    "container",
                    bundle.name(),
                    "address",
                    address,
                    "before",
                    old);
        } catch (ContainerException | IOException e) {
            LOG.warn("a container keeps an old address", "container", bundle.name(), e);
        }
    }

    /** One for each address, so that what others remember of it holds for the next that has it. */
    static String mac(String address) {
        var mac = new StringBuilder("02:5c");
        for (String octet : address.split("\\.", -1)) {
            mac.append(":%02x".formatted(Integer.parseInt(octet)));
        }
        return mac.toString();
    }

    private static Set<String> taken() throws IOException {
        var taken = new HashSet<String>();
        for (Bundle bundle : Bundle.all()) {
            bundle.address().ifPresent(taken::add);
        }
        return taken;
    }

    /** Refuses ports that lead to containers, and one that is there twice. */
    void refuseLeading(List<PublishedPort> ports) throws ContainerException, IOException {
        lock.lock();
        try {
            Map<String, String> taken = new HashMap<>();
            for (Bundle bundle : Bundle.all()) {
                for (PublishedPort port : bundle.ports()) {
                    taken.put(port.host() + "/" + port.protocol(), "container " + bundle.name());
                }
            }
            for (PublishedPort port : ports) {
                String key = port.host() + "/" + port.protocol();
                String other = taken.put(key, "another port of the same container");
                if (other != null) {
                    throw new ContainerException(
                            "port "
                                    + port.host()
                                    + " of this host leads to "
                                    + other
                                    + " already; publish another");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void refuseTakenPorts(List<PublishedPort> ports)
            throws ContainerException, IOException {
        refuseLeading(ports);
        for (PublishedPort port : ports) {
            if (isListenedAt(port)) {
                throw new ContainerException(
                        "a program of this host listens at port "
                                + port.host()
                                + (port.protocol().equals("udp") ? "/udp" : "")
                                + " already; publish another");
            }
        }
    }

    private static boolean isListenedAt(PublishedPort port) {
        boolean udp = port.protocol().equals("udp");
        try (Closeable _ = udp ? new DatagramSocket(port.host()) : new ServerSocket(port.host())) {
            return false;
        } catch (IOException inUse) {
            return true;
        }
    }

    private static void ensureBridge(Subnet subnet)
            throws ContainerException, IOException, InterruptedException {
        if (!Files.exists(Path.of("/sys/class/net", BRIDGE))) {
            ip(List.of(), "link add %s address %s type bridge\n".formatted(BRIDGE, BRIDGE_MAC));
        }
        String rules = Command.of("nft", "list", "table", "ip", TABLE).run().stdout();
        boolean same =
                rules.contains(GUARD)
                        && rules.contains(ZONES)
                        && rules.contains("saddr != " + subnet.cidr())
                        && rules.contains("daddr != " + subnet.reach());
        ip(
                List.of(),
                """
                %saddr replace %s/%d dev %s
                link set %4$s up
                """
                        .formatted(
                                same ? "" : "addr flush dev " + BRIDGE + "\n",
                                subnet.gateway(),
                                subnet.prefix(),
                                BRIDGE));
        if (same) {
            return;
        }
        allow("ip_forward");
        // So that the host's own 127.0.0.1 leads to published ports, too.
        allow("conf/" + BRIDGE + "/route_localnet");
        var commands = new StringBuilder(rules(subnet));
        for (Bundle bundle : Bundle.all()) {
            var address = bundle.address();
            if (address.isPresent()) {
                commands.append(elements("add", address.get(), bundle.ports(), bundle.generation()))
                        .append('\n');
            }
        }
        nft(commands.toString());
    }

    private static void allow(String setting) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv4", setting), "1\n");
    }

    /** The rules, made anew; the elements of the maps come and go with containers. */
    static String rules(Subnet subnet) {
        return """
        table ip %1$s
        delete table ip %1$s
        table ip %1$s {
          map tcp_ports { type inet_service : ipv4_addr . inet_service; }
          map udp_ports { type inet_service : ipv4_addr . inet_service; }
          map %6$s { typeof udp dport : ct zone; }
          %5$s {
            type filter hook prerouting priority raw
            iifname "%2$s" ip daddr 127.0.0.0/8 drop
            iifname "%2$s" ip saddr 127.0.0.0/8 drop
            iifname "%2$s" ip saddr != %3$s drop
          }
          chain zone_incoming {
            type filter hook prerouting priority raw
            fib daddr type local ct original zone set udp dport map @%6$s
          }
          chain zone_own {
            type filter hook output priority raw
            fib daddr type local ct original zone set udp dport map @%6$s
          }
          chain publish {
            meta l4proto tcp dnat ip addr . port to tcp dport map @tcp_ports
            meta l4proto udp dnat ip addr . port to udp dport map @udp_ports
          }
          chain incoming {
            type nat hook prerouting priority dstnat
            fib daddr type local jump publish
          }
          chain own {
            type nat hook output priority -100
            fib daddr type local jump publish
          }
          chain outgoing {
            type nat hook postrouting priority srcnat
            oifname "%2$s" ip saddr 127.0.0.0/8 masquerade
            oifname "%2$s" ip saddr %3$s ct status dnat masquerade
            oifname != "%2$s" ip saddr %3$s ip daddr != %4$s masquerade
          }
        }
        """
                .formatted(TABLE, BRIDGE, subnet.cidr(), subnet.reach(), GUARD, ZONES);
    }

    /**
     * Has ports lead to an address, or no longer.
     *
     * @param generation another one for each container that has the address
     */
    static String elements(String verb, String address, List<PublishedPort> ports, int generation) {
        var commands = new StringJoiner("\n");
        for (PublishedPort port : ports) {
            String element = "%s element ip %s ".formatted(verb, TABLE);
            commands.add(
                    "%s%s_ports { %d : %s . %d }"
                            .formatted(
                                    element, port.protocol(), port.host(), address, port.inside()));
            if (port.protocol().equals("udp")) {
                commands.add("%s%s { %d : %d }".formatted(element, ZONES, port.host(), generation));
            }
        }
        return commands.toString();
    }

    /** Takes back what {@link #connect} gave; all of it may be gone already. */
    void disconnect(Bundle bundle) throws ContainerException, IOException, InterruptedException {
        var address = bundle.address();
        if (address.isPresent()) {
            unpublish(address.get(), bundle);
        }
        if (Files.exists(namespaceFile(bundle.name()))) {
            // Its end of the cable goes with it; that of the host only some time later.
            var _ = Command.of("ip", "link", "delete", device(bundle.name())).run();
            Command.of("ip", "netns", "delete", namespace(bundle.name())).check();
        }
    }

    private static void unpublish(String address, Bundle bundle)
            throws ContainerException, IOException, InterruptedException {
        for (PublishedPort port : bundle.ports()) {
            String commands = elements("delete", address, List.of(port), bundle.generation());
            // One by one: what is not there any more keeps nothing else from going.
            for (String command : commands.split("\n", -1)) {
                var _ = Command.of("nft", "-f", "-").stdin(command).run();
            }
        }
    }

    static Path namespaceFile(ContainerName name) {
        return HostPaths.NETWORK_NAMESPACES.resolve(namespace(name));
    }

    private static String namespace(ContainerName name) {
        return "skerry-" + name;
    }

    /** Names of devices have at most 15 characters. */
    private static String device(ContainerName name) {
        UUID hash = UUID.nameUUIDFromBytes(name.value().getBytes(StandardCharsets.US_ASCII));
        return "sk" + hash.toString().replace("-", "").substring(0, DEVICE_DIGITS);
    }

    private static void ip(List<String> options, String batch)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(options);
        command.addAll(List.of("-batch", "-"));
        Command.of(command).stdin(batch).check();
    }

    private static void nft(String commands) throws IOException, InterruptedException {
        if (!commands.isEmpty()) {
            Command.of("nft", "-f", "-").stdin(commands).check();
        }
    }
}
