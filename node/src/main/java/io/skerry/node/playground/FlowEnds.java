package io.skerry.node.playground;

import io.skerry.flannel.address.AddressRange;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Packet;
import io.skerry.flannel.policy.PortRange;
import io.skerry.flannel.policy.Protocol;
import io.skerry.testbed.hosts.PlaygroundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Reads the words by which users name a flow.
 *
 * @param hosts of the network
 * @param names of hosts, to their public addresses
 */
record FlowEnds(List<HostFacts> hosts, Map<String, String> names) {
    private static final Pattern WITH_PORT =
            Pattern.compile("(?:\\[([^\\]]+)]|([^:]+)):([0-9]{1,5})|\\[([^\\]]+)]");

    /** An end and the port there, if one was named. */
    private record End(String host, OptionalInt port) {}

    /**
     * The first packet of the flow.
     *
     * @param protocol as it was named; empty: tcp with a port, icmp without
     */
    Packet packet(String from, String to, String protocol) throws PlaygroundException {
        End end = end(to);
        Protocol chosen = protocol(protocol, end);
        if (chosen.hasPorts() != end.port().isPresent()) {
            throw new PlaygroundException(
                    chosen.hasPorts()
                            ? chosen.word() + " needs a port: TO is then like " + to + ":80"
                            : chosen.word() + " has no ports, and TO is " + to);
        }
        Ip source = address(from, Optional.empty());
        Ip destination = address(end.host(), Optional.of(source));
        if (source.family() != destination.family()) {
            throw new PlaygroundException(
                    source + " and " + destination + " are not of one family of addresses");
        }
        return new Packet(source, destination, chosen, end.port().orElse(0));
    }

    private static End end(String word) throws PlaygroundException {
        var parts = WITH_PORT.matcher(word);
        if (!parts.matches()) {
            return new End(word, OptionalInt.empty()); // an IPv6 address has colons of its own
        }
        if (parts.group(4) != null) {
            return new End(parts.group(4), OptionalInt.empty());
        }
        int port = Integer.parseInt(parts.group(3));
        if (port > PortRange.MAX) {
            throw new PlaygroundException(
                    "the port of TO is " + port + " and must be 0 to " + PortRange.MAX);
        }
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        return new End(host, OptionalInt.of(port));
    }

    private static Protocol protocol(String word, End to) throws PlaygroundException {
        if (word.isEmpty()) {
            return to.port().isPresent() ? Protocol.TCP : Protocol.ICMP;
        }
        return Protocol.of(word)
                .orElseThrow(() ->
                        new PlaygroundException(
                                "--protocol is "
                                        + word
                                        + " and must be one of "
                                        + String.join(
                                                ", ",
                                                Protocol.named().stream()
                                                        .map(Protocol::word)
                                                        .toList())));
    }

    /** A host stands for the first address that a container of it can have. */
    private Ip address(String word, Optional<Ip> other) throws PlaygroundException {
        var given = Ip.parse(word);
        if (given.isPresent()) {
            return given.get();
        }
        String name = names.getOrDefault(word, word);
        return hosts.stream()
                .filter(host -> host.isNamed(name))
                .flatMap(host -> host.subnets().stream())
                .map(AddressRange::of)
                .filter(range -> other.isEmpty() || range.family() == other.get().family())
                .map(range -> range.first().next().next())
                .findFirst()
                .orElseThrow(() ->
                        new PlaygroundException(
                                word
                                        + " is no address, nor a host that has a subnet; hosts are "
                                        + String.join(", ", known())));
    }

    private List<String> known() {
        return hosts.stream()
                .map(host ->
                        names.entrySet().stream()
                                .filter(name -> host.isNamed(name.getValue()))
                                .map(Map.Entry::getKey)
                                .findFirst()
                                .orElse(host.publicIp()))
                .sorted()
                .toList();
    }
}
