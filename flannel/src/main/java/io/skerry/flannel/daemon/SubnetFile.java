package io.skerry.flannel.daemon;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
                Optional.ofNullable(values.get(name(family, "SUBNET")))
                        .flatMap(Cidr::parse)
                        .map(Cidr::network)
                        .ifPresent(previous::add);
            }
        }
        return previous;
    }

    private static String name(Family family, String of) {
        return (family == Family.IPV4 ? "FLANNEL_" : "FLANNEL_IPV6_") + of;
    }

    private Map<String, String> read() throws IOException {
        var values = new TreeMap<String, String>();
        try {
            for (String line : Files.readAllLines(path)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.put(
                            line.substring(0, equals).strip(), line.substring(equals + 1).strip());
                }
            }
        } catch (NoSuchFileException e) {
            // The first run since the host has booted.
        }
        return values;
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
        if (Files.exists(path) && Files.readString(path).equals(text)) {
            return;
        }
        replace(path, text);
    }

    /** Writes a file so that nobody ever reads a part of it. */
    static void replace(Path path, String text) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path temporary = path.resolveSibling("." + path.getFileName() + ".new");
        Files.writeString(temporary, text);
        Files.move(
                temporary,
                path,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
