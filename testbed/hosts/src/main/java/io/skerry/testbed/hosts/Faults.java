package io.skerry.testbed.hosts;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Faults of the network, as nft tables that drop what arrives on a host's interface (what comes in)
 * or on its port of the bridge (what goes out). A table a fault, so that healing is deleting. Hosts
 * are told apart by the address of their interface, because what they forward for others carries
 * other IP addresses.
 */
final class Faults {
    private static final String TABLE = "skerry_";
    private static final String ISOLATED = TABLE + "isolated";
    private static final String LOSS = TABLE + "loss";
    private static final String FROM = TABLE + "from_";

    private final PlaygroundName playground;

    Faults(PlaygroundName playground) {
        this.playground = playground;
    }

    /** Nothing reaches the host and nothing leaves it. */
    void isolate(Host host) throws IOException, InterruptedException {
        drop(playground.hostNamespace(host), ISOLATED, "eth0", "");
        drop(playground.switchNamespace(), outgoing(ISOLATED, host), Underlay.port(host), "");
    }

    /** Nothing passes between two hosts, either way. */
    void partition(Host a, Host b) throws IOException, InterruptedException {
        oneWay(a, b);
        oneWay(b, a);
    }

    /** Nothing that {@code from} sends reaches {@code to}; the other way stays open. */
    void oneWay(Host from, Host to) throws IOException, InterruptedException {
        if (from.equals(to)) {
            throw new PlaygroundException(
                    "host " + from + " cannot be cut off from itself: name two hosts");
        }
        drop(
                playground.hostNamespace(to),
                FROM + from.name(),
                "eth0",
                "ether saddr " + from.mac() + " ");
    }

    /** Loses a share of the packets in both directions. */
    void loss(Host host, int percent) throws IOException, InterruptedException {
        if (percent < 1 || percent > 100) {
            throw new PlaygroundException("loss of " + percent + " % is not within 1 to 100");
        }
        String chance = percent == 100 ? "" : "numgen random mod 100 < " + percent + " ";
        drop(playground.hostNamespace(host), LOSS, "eth0", chance);
        drop(playground.switchNamespace(), outgoing(LOSS, host), Underlay.port(host), chance);
    }

    /** Ends all faults that concern the host, also those at the other end of a partition. */
    void heal(Host host, List<Host> all) throws IOException, InterruptedException {
        String own = playground.hostNamespace(host);
        for (String table : tables(own)) {
            delete(own, table);
        }
        delete(playground.switchNamespace(), outgoing(ISOLATED, host));
        delete(playground.switchNamespace(), outgoing(LOSS, host));
        for (Host other : all) {
            if (!other.equals(host)) {
                delete(playground.hostNamespace(other), FROM + host.name());
            }
        }
    }

    /** What is wrong with a host's network, in words. */
    List<String> of(Host host) throws IOException, InterruptedException {
        var words = new ArrayList<String>();
        for (String table : tables(playground.hostNamespace(host))) {
            String word = word(table);
            if (word != null) {
                words.add(word);
            }
        }
        return words;
    }

    static @Nullable String word(String table) {
        if (table.equals(ISOLATED)) {
            return "isolated";
        }
        if (table.equals(LOSS)) {
            return "lossy";
        }
        return table.startsWith(FROM) ? "cut from " + table.substring(FROM.length()) : null;
    }

    private static String outgoing(String table, Host host) {
        return table + "_" + host.name();
    }

    private static void drop(String namespace, String table, String device, String match)
            throws IOException, InterruptedException {
        nft(
                namespace,
                """
                add table netdev %1$s
                delete table netdev %1$s
                table netdev %1$s {
                    chain in {
                        type filter hook ingress device "%2$s" priority -500
                        %3$scounter drop
                    }
                }
                """
                        .formatted(table, device, match));
    }

    private static void delete(String namespace, String table)
            throws IOException, InterruptedException {
        // Adding first makes deleting what is not there no error; nft of Debian 12 has no destroy.
        nft(namespace, "add table netdev %1$s\ndelete table netdev %1$s\n".formatted(table));
    }

    private static List<String> tables(String namespace) throws IOException, InterruptedException {
        var command = Command.of(inside(namespace, "nft", "list", "tables", "netdev"));
        return command.check()
                .stdout()
                .lines()
                .map(line -> line.strip().replaceFirst("^table netdev ", ""))
                .filter(table -> table.startsWith(TABLE))
                .toList();
    }

    private static void nft(String namespace, String script)
            throws IOException, InterruptedException {
        Command.of(inside(namespace, "nft", "-f", "-")).stdin(script).check();
    }

    private static List<String> inside(String namespace, String... command) {
        var all = new ArrayList<String>();
        all.add("nsenter");
        all.add("--net=" + Underlay.namespaceFile(namespace));
        all.addAll(List.of(command));
        return all;
    }
}
