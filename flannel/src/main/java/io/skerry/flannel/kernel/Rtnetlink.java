package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.plan.Change;
import io.skerry.flannel.plan.DeviceSpec;
import io.skerry.flannel.plan.Forwarding;
import io.skerry.flannel.plan.Neighbour;
import io.skerry.flannel.plan.Observed;
import io.skerry.flannel.plan.Route;
import io.skerry.flannel.plan.Tunnel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kernel over rtnetlink, in the network namespace of the thread that opens it. */
public final class Rtnetlink implements Kernel {
    private static final String PROBE = "flannel-probe";

    /** Where the kernel tells of modules that it has loaded, each named like what it makes. */
    private static final Path MODULES = Path.of("/sys/module");

    private final NetlinkSocket socket;
    private final WireguardDevices wireguard;

    private Rtnetlink(NetlinkSocket socket, WireguardDevices wireguard) {
        this.socket = socket;
        this.wireguard = wireguard;
    }

    /** Has the JVM make what it takes to call the kernel, which needs some time at first. */
    public static void prepare() throws IOException {
        new Libc().awaitReadable(-1, 0); // nothing, and for no time
    }

    public static Rtnetlink open() throws IOException {
        NetlinkSocket socket = NetlinkSocket.forRequests();
        try {
            return new Rtnetlink(socket, WireguardDevices.open());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public boolean makes(String kind) throws IOException {
        if (Files.exists(MODULES.resolve(kind))) {
            return true; // without making one, which takes the kernel longer than all the rest
        }
        ErrnoException refusal =
                socket.carryOut(List.of(DeviceMessages.addBare(PROBE, kind))).getFirst().refusal();
        if (refusal == null) {
            socket.carryOut(List.of(DeviceMessages.remove(PROBE)));
        } else if (refusal.errno() == ErrnoException.EPERM) {
            throw refusal;
        }
        // Any other refusal is one of a kind that is known.
        return refusal == null || refusal.errno() != ErrnoException.EOPNOTSUPP;
    }

    private List<DeviceMessages.Seen> devices() throws IOException {
        return socket.dump(DeviceMessages.all(), body -> Optional.of(DeviceMessages.read(body)));
    }

    private List<AddressMessages.Seen> addresses() throws IOException {
        return socket.dump(AddressMessages.all(), AddressMessages::read);
    }

    private List<RouteMessages.Seen> routes(Family family) throws IOException {
        return socket.dump(RouteMessages.all(family), body -> RouteMessages.read(body, family));
    }

    @Override
    public List<Interface> interfaces() throws IOException {
        var addresses = addresses();
        var interfaces = new ArrayList<Interface>();
        for (DeviceMessages.Seen device : devices()) {
            interfaces.add(
                    new Interface(
                            device.name(),
                            device.index(),
                            device.mtu(),
                            device.up(),
                            addresses.stream()
                                    .filter(seen -> seen.device() == device.index())
                                    .map(AddressMessages.Seen::address)
                                    .toList()));
        }
        return interfaces;
    }

    @Override
    public Optional<Way> wayTo(Ip address) throws IOException {
        try {
            return socket
                    .dump(
                            RouteMessages.wayTo(address),
                            body -> Optional.of(RouteMessages.readWay(body)))
                    .stream()
                    .findFirst();
        } catch (ErrnoException e) {
            return Optional.empty(); // unreachable, in one of the kernel's several ways
        }
    }

    @Override
    public Optional<Integer> defaultDevice(Family family) throws IOException {
        return routes(family).stream()
                .filter(route -> route.destination().length() == 0 && route.device() != 0)
                .min(Comparator.comparingInt(RouteMessages.Seen::metric))
                .map(RouteMessages.Seen::device);
    }

    @Override
    public Observed observe(Optional<String> device, Family family) throws IOException {
        var names = new HashMap<Integer, String>();
        DeviceMessages.Seen ours = null;
        for (DeviceMessages.Seen seen : devices()) {
            names.put(seen.index(), seen.name());
            if (device.isPresent() && seen.name().equals(device.get())) {
                ours = seen;
            }
        }
        Set<Route> routes = named(names, family);
        if (ours == null) {
            return new Observed(
                    Optional.empty(), false, false, Set.of(), routes, Set.of(), Set.of(), Set.of());
        }
        int index = ours.index();
        var spec = ours.ours();
        Set<Tunnel> tunnels = Set.of();
        if (ours.kind().equals(WireguardMessages.KIND)) {
            var seen = wireguard.read(ours.name());
            String name = ours.name();
            int mtu = ours.mtu();
            spec = seen.key().map(key -> new DeviceSpec.Wireguard(name, mtu, seen.port(), key));
            tunnels = Set.copyOf(seen.tunnels());
        }
        return new Observed(
                spec,
                spec.isEmpty(),
                ours.up(),
                addressesOf(index, family),
                routes,
                neighboursOf(index, family),
                forwardingsOf(ours),
                tunnels);
    }

    private Set<Route> named(Map<Integer, String> names, Family family) throws IOException {
        var routes = new HashSet<Route>();
        for (RouteMessages.Seen route : routes(family)) {
            String name = names.get(route.device());
            if (name != null) {
                routes.add(route.named(name));
            }
        }
        return routes;
    }

    private Set<Cidr> addressesOf(int device, Family family) throws IOException {
        var addresses = new HashSet<Cidr>();
        for (AddressMessages.Seen seen : addresses()) {
            if (seen.device() == device && seen.address().family() == family) {
                addresses.add(seen.address());
            }
        }
        return addresses;
    }

    private Set<Neighbour> neighboursOf(int device, Family family) throws IOException {
        return new HashSet<>(
                socket.dump(
                        NeighbourMessages.allNeighbours(device, family),
                        body -> NeighbourMessages.readNeighbour(body, device, family)));
    }

    private Set<Forwarding> forwardingsOf(DeviceMessages.Seen device) throws IOException {
        if (!(device.spec() instanceof DeviceSpec.Vxlan)) {
            return Set.of();
        }
        return new HashSet<>(
                socket.dump(
                        NeighbourMessages.allForwardings(device.index()),
                        body -> NeighbourMessages.readForwarding(body, device.index())));
    }

    @Override
    public List<String> apply(List<Change> changes) throws IOException {
        var batch = new Batch();
        for (Change change : changes) {
            batch.add(change);
            if (batch.waiting.size() == NetlinkSocket.BATCH) {
                batch.flush(); // thousands of messages at once would only take memory
            }
        }
        batch.flush();
        return List.copyOf(batch.refused);
    }

    /** Changes on their way; those of devices go alone, since others need the devices' numbers. */
    private final class Batch {
        private final List<Message> waiting = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private final Map<String, Integer> numbers = new HashMap<>();

        private void add(Change change) throws IOException {
            switch (change) {
                case Change.AddDevice(DeviceSpec device) -> {
                    flush();
                    numbers.clear();
                    addDevice(device);
                }
                case Change.RemoveDevice(String name) -> {
                    waiting.add(DeviceMessages.remove(name));
                    flush();
                    numbers.clear();
                }
                case Change.SetMtu(String name, int mtu) ->
                        waiting.add(DeviceMessages.setMtu(name, mtu));
                case Change.SetUp(String name) -> waiting.add(DeviceMessages.setUp(name));
                case Change.AddAddress(String device, Cidr address) ->
                        waiting.add(AddressMessages.add(number(device), address));
                case Change.RemoveAddress(String device, Cidr address) ->
                        waiting.add(AddressMessages.remove(number(device), address));
                case Change.PutNeighbour(String device, Neighbour entry) ->
                        waiting.add(NeighbourMessages.put(entry, number(device)));
                case Change.RemoveNeighbour(String device, Neighbour entry) ->
                        waiting.add(NeighbourMessages.remove(entry, number(device)));
                case Change.PutForwarding(String device, Forwarding entry) ->
                        waiting.add(NeighbourMessages.put(entry, number(device)));
                case Change.RemoveForwarding(String device, Forwarding entry) ->
                        waiting.add(NeighbourMessages.remove(entry, number(device)));
                case Change.PutTunnel(String device, Tunnel tunnel) ->
                        wireguard.put(device, tunnel);
                case Change.RemoveTunnel(String device, WireguardKey peer) ->
                        wireguard.remove(device, peer);
                case Change.PutRoute(Route route) ->
                        waiting.add(RouteMessages.put(route, number(route.device())));
                case Change.RemoveRoute(Route route) ->
                        waiting.add(RouteMessages.remove(route, number(route.device())));
            }
        }

        private void addDevice(DeviceSpec device) throws IOException {
            try {
                switch (device) {
                    case DeviceSpec.Vxlan vxlan -> {
                        waiting.add(DeviceMessages.add(vxlan));
                        flush();
                        Checksums.switchOffWhereFaulty(vxlan.name());
                    }
                    case DeviceSpec.Ipip ipip -> {
                        waiting.add(DeviceMessages.add(ipip));
                        flush();
                    }
                    case DeviceSpec.Wireguard peers -> {
                        waiting.add(DeviceMessages.add(peers));
                        flush();
                        wireguard.set(peers);
                    }
                    case DeviceSpec.Tun tun -> Tun.create(tun.name());
                }
            } catch (ErrnoException e) {
                refused.add(String.valueOf(e.getMessage()));
            }
        }

        /** 0 for a device that is not there: the kernel refuses what is said of it, and we tell. */
        private int number(String device) throws IOException {
            if (numbers.isEmpty()) {
                devices().forEach(seen -> numbers.put(seen.name(), seen.index()));
            }
            return numbers.getOrDefault(device, 0);
        }

        private void flush() throws IOException {
            tell(socket.carryOut(waiting));
            waiting.clear();
            tell(wireguard.carryOut());
        }

        private void tell(List<NetlinkSocket.Outcome> outcomes) {
            for (NetlinkSocket.Outcome outcome : outcomes) {
                ErrnoException refusal = outcome.refusal();
                if (refusal != null) {
                    refused.add(String.valueOf(refusal.getMessage()));
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
        wireguard.close();
    }
}
