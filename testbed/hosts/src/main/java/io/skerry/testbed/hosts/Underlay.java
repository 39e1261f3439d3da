package io.skerry.testbed.hosts;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The cables: a namespace with a bridge, and a namespace a host joined to it. Interfaces carry
 * short names because each lies in a namespace of the playground; nothing is added to the machine's
 * own network.
 */
final class Underlay {
    private static final Path NAMESPACES = Path.of("/run/netns");
    static final String BRIDGE_ADDRESS = "10.88.0.1";

    private final PlaygroundName playground;

    Underlay(PlaygroundName playground) {
        this.playground = playground;
    }

    /** Makes the bridge's namespace unless it is there and complete. */
    void ensureSwitch() throws IOException, InterruptedException {
        String namespace = playground.switchNamespace();
        if (isUp(namespace, "br0", BRIDGE_ADDRESS)) {
            return;
        }
        recreate(namespace);
        batch(
                namespace,
                "link set lo up",
                "link add br0 type bridge",
                "link set br0 up",
                "addr add " + BRIDGE_ADDRESS + "/24 dev br0");
    }

    /** Makes a host's namespace and its cable to the bridge unless they are there and complete. */
    void ensureHost(Host host) throws IOException, InterruptedException {
        String namespace = playground.hostNamespace(host);
        if (isUp(namespace, "eth0", host.address())) {
            return;
        }
        recreate(namespace);
        batch(
                playground.switchNamespace(),
                "link add " + port(host) + " type veth peer name eth0 netns " + namespace,
                "link set " + port(host) + " master br0 up");
        batch(
                namespace,
                "link set lo up",
                "link set eth0 address " + host.mac(),
                "addr add " + host.address() + "/24 dev eth0",
                "link set eth0 up",
                "route add default via " + BRIDGE_ADDRESS);
    }

    /** The bridge's port that leads to a host. */
    static String port(Host host) {
        return host.name();
    }

    static Path namespaceFile(String namespace) {
        return NAMESPACES.resolve(namespace);
    }

    boolean hasSwitch() {
        return Files.exists(namespaceFile(playground.switchNamespace()));
    }

    /** All namespaces of the playground, also such that no state file knows of. */
    List<String> namespaces() {
        var found = new ArrayList<String>();
        String[] all = NAMESPACES.toFile().list();
        if (all != null) {
            for (String name : all) {
                if (playground.ownsNamespace(name)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    void removeAll() throws IOException, InterruptedException {
        for (String namespace : namespaces()) {
            remove(namespace);
        }
    }

    private static boolean isUp(String namespace, String device, String address)
            throws IOException, InterruptedException {
        if (!Files.exists(namespaceFile(namespace))) {
            return false;
        }
        var shown = Command.of("ip", "-n", namespace, "-br", "addr", "show", "dev", device).run();
        return shown.succeeded() && shown.stdout().contains(" " + address + "/");
    }

    private static void recreate(String namespace) throws IOException, InterruptedException {
        if (Files.exists(namespaceFile(namespace))) {
            remove(namespace);
        }
        Command.of("ip", "netns", "add", namespace).check();
    }

    private static void remove(String namespace) throws IOException, InterruptedException {
        var removed = Command.of("ip", "netns", "del", namespace).run();
        // After a reboot of the machine only the empty file is left, which ip refuses to unmount.
        if (!removed.succeeded()) {
            Files.deleteIfExists(namespaceFile(namespace));
        }
    }

    private static void batch(String namespace, String... commands)
            throws IOException, InterruptedException {
        Command.of("ip", "-n", namespace, "-batch", "-")
                .stdin(String.join("\n", commands) + "\n")
                .check();
    }
}
