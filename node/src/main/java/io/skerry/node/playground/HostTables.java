package io.skerry.node.playground;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.daemon.PathStatus;
import io.skerry.flannel.daemon.PolicyStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kernel of one host holds of the network, as iproute2 tells it.
 *
 * @param devices by name
 * @param neighbours which hardware address an address has, by device and address
 * @param forwardings to which host a hardware address is sent, by device and hardware address
 * @param policies how the host fares with network policies, by its own account
 * @param paths whether its packets come to the other hosts whole, by its own account
 */
record HostTables(
        Map<String, Device> devices,
        List<Route> routes,
        Map<String, String> neighbours,
        Map<String, Ip> forwardings,
        Optional<PolicyStatus> policies,
        Optional<PathStatus> paths) {
    private static final String SCRIPT =
            "ip -j -d -s link; ip -j route; ip -j neigh; bridge -j fdb; ip -6 -j route;"
                    + " cat \"$1\" 2>/dev/null || echo []; cat \"$2\" 2>/dev/null || echo []";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int DOCUMENTS = 7;

    /** A device and what went through it. */
    record Device(String name, String kind, int mtu, long received, long sent, long errors) {}

    /** A route of the main table. */
    record Route(Cidr destination, Optional<Ip> gateway, String device) {}

    static final HostTables EMPTY =
            new HostTables(
                    Map.of(), List.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());

    /**
     * Prints one JSON document after the other.
     *
     * @param subnetFile where the host tells its subnet
     */
    static List<String> command(Path subnetFile) {
        return List.of(
                "sh",
                "-c",
                SCRIPT,
                "sh",
                PolicyStatus.file(subnetFile).toString(),
                PathStatus.file(subnetFile).toString());
    }

    /** Reads what {@link #command} printed. */
    static HostTables parse(String output) throws IOException {
        var documents = new ArrayList<JsonNode>();
        try (var parser = MAPPER.createParser(output)) {
            MAPPER.readValues(parser, JsonNode.class).forEachRemaining(documents::add);
        }
        if (documents.size() != DOCUMENTS) {
            throw new IOException(
                    "a host tells " + documents.size() + " tables instead of " + DOCUMENTS);
        }
        var devices = new HashMap<String, Device>();
        for (JsonNode link : documents.get(0)) {
            Device device = device(link);
            devices.put(device.name(), device);
        }
        var routes = new ArrayList<Route>();
        for (JsonNode route : documents.get(1)) {
            route(route, Family.IPV4).ifPresent(routes::add);
        }
        for (JsonNode route : documents.get(4)) {
            route(route, Family.IPV6).ifPresent(routes::add);
        }
        var neighbours = new HashMap<String, String>();
        for (JsonNode entry : documents.get(2)) {
            if (entry.has("lladdr")) {
                neighbours.put(key(entry, "dst"), entry.path("lladdr").asText());
            }
        }
        var forwardings = new HashMap<String, Ip>();
        for (JsonNode entry : documents.get(3)) {
            Ip.parse(entry.path("dst").asText())
                    .ifPresent(host -> forwardings.put(fdbKey(entry), host));
        }
        var policies = PolicyStatus.parse(documents.get(5).toString());
        var paths = PathStatus.parse(documents.get(6).toString());
        return new HostTables(devices, routes, neighbours, forwardings, policies, paths);
    }

    private static Device device(JsonNode link) {
        JsonNode received = link.path("stats64").path("rx");
        JsonNode sent = link.path("stats64").path("tx");
        return new Device(
                link.path("ifname").asText(),
                link.path("linkinfo").path("info_kind").asText(),
                link.path("mtu").asInt(),
                received.path("packets").asLong(),
                sent.path("packets").asLong(),
                received.path("errors").asLong() + sent.path("errors").asLong());
    }

    private static Optional<Route> route(JsonNode route, Family family) {
        String text = route.path("dst").asText();
        String any = family == Family.IPV4 ? "0.0.0.0/0" : "::/0";
        String destination = text.equals("default") ? any : text;
        return Cidr.parse(destination)
                .or(() -> Ip.parse(destination).map(Cidr::host))
                .map(parsed ->
                        new Route(
                                parsed,
                                Ip.parse(route.path("gateway").asText()),
                                route.path("dev").asText()));
    }

    private static String key(JsonNode entry, String field) {
        return entry.path("dev").asText() + " " + entry.path(field).asText();
    }

    private static String fdbKey(JsonNode entry) {
        String device = entry.path("ifname").asText(entry.path("dev").asText());
        return device + " " + entry.path("mac").asText();
    }

    /** The route that a packet takes: the longest prefix that has its destination. */
    Optional<Route> routeTo(Ip address) {
        return routes.stream()
                .filter(route -> route.destination().contains(address))
                .max(Comparator.comparingInt(route -> route.destination().length()));
    }

    Optional<String> neighbour(String device, Ip address) {
        return Optional.ofNullable(neighbours.get(device + " " + address));
    }

    Optional<Ip> forwarding(String device, String mac) {
        return Optional.ofNullable(forwardings.get(device + " " + mac));
    }

    Optional<Device> device(String name) {
        return Optional.ofNullable(devices.get(name));
    }
}
