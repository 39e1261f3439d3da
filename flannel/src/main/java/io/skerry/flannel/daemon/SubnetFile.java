package io.skerry.flannel.daemon;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkConfig;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file that tells who attaches containers which addresses are the host's, in the original's
 * form.
 *
 * @param path usually {@code /run/flannel/subnet.env}
 */
record SubnetFile(Path path) {
    /**
     * The subnets that the host had when it ran last, of those families whose network is the same.
     */
    List<Cidr> previous(NetworkConfig config) throws IOException {
        Map<String, String> values = read();
        var previous = new ArrayList<Cidr>();
        for (Family family : config.ranges().families()) {
            String network = config.range(family).network().toString();
            if (network.equals(values.get(name(family, "NETWORK")))) {
                cidr(values, name(family, "SUBNET")).ifPresent(previous::add);
            }
        }
        return previous;
    }

    /** The networks that the host was of when it ran last, one of each family. */
    List<FormerNetwork> former() throws IOException {
        Map<String, String> values = read();
        var former = new ArrayList<FormerNetwork>();
        for (Family family : Family.values()) {
            var network = cidr(values, name(family, "NETWORK"));
            var subnet = cidr(values, name(family, "SUBNET"));
            if (network.isPresent() && subnet.isPresent()) {
                former.add(new FormerNetwork(network.get(), subnet.get()));
            }
        }
        return former;
    }

    private static Optional<Cidr> cidr(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).flatMap(Cidr::parse).map(Cidr::network);
    }

    private static String name(Family family, String of) {
        return (family == Family.IPV4 ? "FLANNEL_" : "FLANNEL_IPV6_") + of;
    }

    private Map<String, String> read() throws IOException {
        try {
            return SubnetEnv.values(path);
        } catch (NoSuchFileException e) {
            return Map.of(); // the first run since the host has booted
        }
    }

    static String text(NetworkConfig config, PerFamily<Cidr> subnets, int mtu, boolean masquerade) {
        var text = new StringBuilder();
        for (Cidr subnet : subnets.all()) {
            Family family = subnet.family();
            text.append(name(family, "NETWORK"))
                    .append('=')
                    .append(config.range(family).network())
                    .append('\n')
                    .append(name(family, "SUBNET"))
                    .append('=')
                    .append(Cidr.of(subnet.first().plus(1), subnet.length()))
                    .append('\n');
        }
        return text.append("FLANNEL_MTU=")
                .append(mtu)
                .append("\nFLANNEL_IPMASQ=")
                .append(masquerade)
                .append('\n')
                .toString();
    }

    /** Writes the file as a whole, unless it says so already. */
    void write(String text) throws IOException {
        SubnetEnv.replaceIfChanged(path, text);
    }
}
