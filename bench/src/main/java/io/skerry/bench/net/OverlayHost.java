package io.skerry.bench.net;

import io.skerry.bench.store.BenchException;
import io.skerry.bench.store.ProcessUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A host with one container, each a network namespace, and the daemon that makes it part of the
 * network. Packets of the container find their way out from the beginning, and get lost outside
 * until the daemon has done its work.
 */
final class OverlayHost implements AutoCloseable {
    static final String DEVICE = "eth0";

    private static final int SUBNET_POLL_MILLIS = 2;

    private final Cabling cabling;
    private final Cabling.Place hub;
    private final String port;
    private final Cabling.Place place;
    private final Cabling.Place container;
    private final Path folder;
    private Map<String, String> subnet = Map.of();
    private @Nullable Process daemon;

    /**
     * @param hub where the hosts' link and the store are
     * @param gateway the hub's address
     */
    OverlayHost(Cabling cabling, Cabling.Place hub, int number, String gateway, Path folder)
            throws Exception {
        this.cabling = cabling;
        this.hub = hub;
        port = "h" + number;
        this.folder = Files.createDirectories(folder.resolve("h" + number));
        place = cabling.add("h" + number);
        container = cabling.add("c" + number);
        hub.ip(
                "link add " + port + " type veth peer name " + DEVICE + " netns " + place.name(),
                "link set " + port + " master br0 up");
        place.ip(
                "link set lo up",
                "addr add " + address(number) + "/24 dev " + DEVICE,
                "link set " + DEVICE + " up",
                "route add default via " + gateway,
                "link add c0 type veth peer name eth0 netns " + container.name(),
                "addr add 169.254.1.1/24 dev c0",
                "link set c0 up");
        container.ip(
                "link set lo up",
                "addr add 169.254.1.2/24 dev eth0",
                "link set eth0 up",
                "route add default via 169.254.1.1");
        place.thread().on(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1\n"));
    }

    static String address(int number) {
        return "10.89.0.1" + number;
    }

    Cabling.Place place() {
        return place;
    }

    Cabling.Place container() {
        return container;
    }

    void start(Contender contender, String store) throws IOException {
        daemon = place.start(contender.command(store, DEVICE, subnetFile()), log());
    }

    private Path subnetFile() {
        return folder.resolve("subnet.env");
    }

    private Path log() {
        return folder.resolve("daemon.log");
    }

    /** Waits until the daemon has told the host's subnet. */
    void awaitSubnet() throws Exception {
        Processes.await(
                "a subnet of " + place.name() + "; the daemon's log is " + log(),
                SUBNET_POLL_MILLIS,
                () -> {
                    requireDaemon();
                    subnet = read(subnetFile());
                    return subnet.containsKey("FLANNEL_IPMASQ"); // which is its last line
                });
    }

    private void requireDaemon() throws BenchException, IOException {
        if (daemon == null || !daemon.isAlive()) {
            throw new BenchException(
                    "the daemon of "
                            + place.name()
                            + " ended: "
                            + Files.readString(log()).lines().reduce("", (_, last) -> last));
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.split("=", 2))
                    .filter(parts -> parts.length == 2)
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        } catch (NoSuchFileException e) {
            return Map.of();
        }
    }

    /** Gives the container an address of the host's subnet, and the network's MTU. */
    void attach() throws IOException, InterruptedException {
        String mtu = subnet.getOrDefault("FLANNEL_MTU", "1500");
        place.ip("addr add " + gateway() + "/24 dev c0", "link set c0 mtu " + mtu);
        container.ip(
                "addr add " + containerAddress() + "/24 dev eth0",
                "link set eth0 mtu " + mtu,
                "route replace default via " + gateway() + " src " + containerAddress());
    }

    /** The first address of the host's subnet. */
    private String gateway() {
        String own = subnet.getOrDefault("FLANNEL_SUBNET", "");
        return own.substring(0, own.indexOf('/'));
    }

    /** The second. */
    String containerAddress() {
        String gateway = gateway();
        return gateway.substring(0, gateway.lastIndexOf('.')) + ".2";
    }

    /** What the daemon has used up to now. */
    ProcessUse use() throws IOException, BenchException {
        requireDaemon();
        return ProcessUse.of(daemon == null ? List.of() : List.of(daemon.pid()));
    }

    @Override
    public void close() throws IOException {
        if (daemon != null) {
            Processes.end(daemon);
        }
        try {
            // A namespace's end takes its devices along, but some time later.
            hub.ip("link del " + port);
            cabling.remove(container);
            cabling.remove(place);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
