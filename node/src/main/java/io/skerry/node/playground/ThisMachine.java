package io.skerry.node.playground;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.process.Command;
import io.skerry.containers.run.HostContainerd;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The machine itself as the single member of a cluster, where systemd runs it: a unit, a
 * configuration and certificates in the usual places.
 */
final class ThisMachine {
    private static final Path UNIT = Path.of("/etc/systemd/system", Program.UNIT);
    private static final Path CONFIG = Path.of("/etc/skerry/node.yaml");
    private static final Path PKI = Path.of("/etc/skerry/pki");
    private static final Path AUTHORITY = Path.of("/etc/skerry/ca");
    private static final Path DATA = Path.of("/var/lib/skerry/node");

    /** Longer than systemd gives the node to stop. */
    private static final Duration SYSTEMCTL_LIMIT = Duration.ofMinutes(2);

    private static final int STORE_PORT = 2379;
    private static final int FLEET_PORT = 49153;

    private final Progress progress;

    ThisMachine(Progress progress) {
        this.progress = progress;
    }

    static boolean runsSystemd() {
        return Files.isDirectory(Path.of("/run/systemd/system"));
    }

    static boolean isInstalled() {
        return Files.exists(UNIT) && Files.exists(CONFIG);
    }

    static ClusterAccess access() throws IOException {
        String address =
                Files.readAllLines(CONFIG).stream()
                        .filter(line -> line.startsWith("address: "))
                        .map(line -> line.substring("address: ".length()).strip())
                        .findFirst()
                        .orElseThrow(() -> new PlaygroundException(CONFIG + " has no address"));
        var entrance =
                new ClusterAccess.Entrance(
                        "this machine",
                        true,
                        true,
                        "https://" + address + ":" + STORE_PORT,
                        "https://" + address + ":" + FLEET_PORT);
        return new ClusterAccess(List.of(entrance), PKI);
    }

    void up(PrintWriter out) throws IOException, InterruptedException {
        boolean installed = isInstalled();
        if (!installed) {
            install();
        }
        boolean running =
                Command.of("systemctl", "is-active", "-q", Program.UNIT).run().succeeded();
        if (!running) {
            progress.step("Starting " + Program.UNIT);
            systemctl("daemon-reload");
            systemctl("enable", "--now", Program.UNIT);
        }
        ClusterProbe.await(access(), 1, progress);
        progress.clear();
        out.printf(
                installed && running
                        ? "This machine already runs the node: nothing to do.%n"
                        : "This machine is a cluster of one; its clients: eval \"$(./skerry env)\"."
                                + "%nFor virtual hosts instead: ./skerry up --hosts 3%n");
    }

    private void install() throws IOException, InterruptedException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String address = primaryAddress();
        progress.note(
                "Installing the node as "
                        + UNIT
                        + " of this machine ("
                        + name
                        + ", "
                        + address
                        + ")");
        var authority =
                CertificateAuthority.exists(AUTHORITY)
                        ? CertificateAuthority.load(AUTHORITY)
                        : CertificateAuthority.create(AUTHORITY, "Skerry " + name);
        for (CertificateUse use : CertificateUse.values()) {
            List<String> hosts = use == CertificateUse.CLIENT ? List.of() : List.of(name, address);
            authority.issue(use, name, hosts).writeTo(PKI, use.name().toLowerCase(Locale.ROOT));
        }
        Files.writeString(CONFIG, config(name, address));
        Files.writeString(UNIT, unit(Program.jdk(), Program.distribution()));
    }

    private static void systemctl(String... words) throws IOException, InterruptedException {
        Command.of(Stream.concat(Stream.of("systemctl"), Stream.of(words)).toList())
                .timeout(SYSTEMCTL_LIMIT)
                .check();
    }

    /** Stops and removes the unit; without {@code keepData} also the store and all else. */
    void down(boolean keepData, PrintWriter out) throws IOException, InterruptedException {
        progress.step("Stopping " + Program.UNIT);
        systemctl("disable", "--now", Program.UNIT);
        // It is there only if images were ever asked for.
        var _ = Command.of("systemctl", "stop", HostContainerd.UNIT).run();
        Files.delete(UNIT);
        systemctl("daemon-reload");
        if (!keepData) {
            Command.of(
                            "rm",
                            "-rf",
                            CONFIG.toString(),
                            PKI.toString(),
                            AUTHORITY.toString(),
                            DATA.toString())
                    .check();
        }
        progress.clear();
        out.println(
                keepData
                        ? "The node is stopped and removed; its data is kept in " + DATA + "."
                        : "The node and its data are removed from this machine.");
    }

    static String config(String name, String address) {
        return """
        # Written by "skerry up".
        name: %1$s
        address: %2$s
        data-dir: %3$s
        pki-dir: %4$s
        store:
          members:
            %1$s: %2$s
        """
                .formatted(name, address, DATA, PKI);
    }

    static String unit(Path jdk, Path distribution) {
        String order =
                """
                Wants=network-online.target
                After=dbus.socket dbus.service network-online.target\
                """;
        return NodeUnit.text(order, jdk, distribution.toString(), CONFIG.toString());
    }

    /** The first IPv4 address that others can reach, else loopback. */
    private static String primaryAddress() throws IOException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("127.0.0.1");
    }
}
