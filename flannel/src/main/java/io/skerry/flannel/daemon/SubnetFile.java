package io.skerry.flannel.daemon;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.config.NetworkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    /** The subnet that the host had when it ran last, if it was of the same network. */
    Optional<Cidr4> previous(NetworkConfig config) throws IOException {
        Map<String, String> values = read();
        if (!config.network().toString().equals(values.get("FLANNEL_NETWORK"))) {
            return Optional.empty();
        }
        return Optional.ofNullable(values.get("FLANNEL_SUBNET"))
                .flatMap(Cidr4::parse)
                .map(Cidr4::network);
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

    static String text(NetworkConfig config, Cidr4 subnet, int mtu, boolean masquerade) {
        return "FLANNEL_NETWORK="
                + config.network()
                + "\nFLANNEL_SUBNET="
                + new Cidr4(subnet.first().plus(1), subnet.length())
                + "\nFLANNEL_MTU="
                + mtu
                + "\nFLANNEL_IPMASQ="
                + masquerade
                + "\n";
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
