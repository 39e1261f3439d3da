package io.skerry.chaos.cluster;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network namespace a member, joined by a bridge in a namespace of its own, and packets lost on
 * their way between them by nft rules in the members' namespaces. Their names carry the number of
 * this process, so that a later run removes what a killed one left.
 */
final class Cables {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final String PREFIX = "skerry-chaos-";
    private static final int ALL = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String run = PREFIX + ProcessHandle.current().pid() + "-";
    private final int members;

    private Cables(int members) {
        this.members = members;
    }

    /** Whether this process may make namespaces and has the programs for it. */
    static boolean possible() {
        return "root".equals(System.getProperty("user.name"))
                && List.of("ip", "nft", "nsenter").stream().allMatch(Cables::installed);
    }

    static boolean installed(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    static Cables lay(int members) throws IOException, InterruptedException {
        removeLeftovers();
        var cables = new Cables(members);
        try {
            cables.lay();
        } catch (IOException | InterruptedException | RuntimeException e) {
            cables.remove();
            throw e;
        }
        return cables;
    }

    private void lay() throws IOException, InterruptedException {
        String hub = run + "hub";
        command("ip", "netns", "add", hub).check();
        batch(hub, "link set lo up", "link add br0 type bridge", "link set br0 up");
        for (int i = 0; i < members; i++) {
            String own = namespace(i);
            command("ip", "netns", "add", own).check();
            batch(
                    hub,
                    "link add port" + i + " type veth peer name eth0 netns " + own,
                    "link set port" + i + " master br0 up");
            batch(
                    own,
                    "link set lo up",
                    "addr add " + address(i) + "/24 dev eth0",
                    "link set eth0 up");
        }
    }

    private String namespace(int member) {
        return run + "m" + member;
    }

    static String address(int member) {
        return "10.89.0." + (member + 1);
    }

    /** What starts a program in a member's namespace; the program replaces it. */
    List<String> entering(int member) {
        return List.of("nsenter", "--net=" + NAMESPACES.resolve(namespace(member)));
    }

    /** Loses so many of a hundred packets on each link, and none on those that are not named. */
    void lose(Map<Link, Integer> percent) throws IOException, InterruptedException {
        for (int i = 0; i < members; i++) {
            var rules = new ArrayList<String>();
            for (var entry : percent.entrySet()) {
                if (entry.getKey().to() == i) {
                    String chance =
                            entry.getValue() >= ALL
                                    ? ""
                                    : "numgen random mod 100 < " + entry.getValue() + " ";
                    rules.add(
                            "ip saddr " + address(entry.getKey().from()) + " " + chance + "drop\n");
                }
            }
            // Adding first makes deleting what is not there no error; all of it is one step.
            String script =
                    """
                    add table inet chaos
                    delete table inet chaos
                    table inet chaos {
                        chain in {
                            type filter hook input priority -300
                            %s
                        }
                    }
                    """
                            .formatted(String.join("", rules));
            var nft = new ArrayList<>(entering(i));
            nft.addAll(List.of("nft", "-f", "-"));
            command(nft).stdin(script).check();
        }
    }

    /** A program of the system, which may take long on a machine that has much else to do. */
    static Command command(String... words) {
        return command(List.of(words));
    }

    private static Command command(List<String> words) {
        return Command.of(words).timeout(PATIENCE);
    }

    private static void batch(String namespace, String... commands)
            throws IOException, InterruptedException {
        command("ip", "-n", namespace, "-batch", "-")
                .stdin(String.join("\n", commands) + "\n")
                .check();
    }

    private static void removeLeftovers() throws IOException, InterruptedException {
        String[] all = NAMESPACES.toFile().list();
        for (String name : all == null ? new String[0] : all) {
            if (name.startsWith(PREFIX)) {
                String process = name.substring(PREFIX.length(), name.lastIndexOf('-'));
                if (ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
                    command("ip", "netns", "del", name).run();
                }
            }
        }
    }

    /** Removes the namespaces; processes in them must have ended. */
    void remove() throws IOException, InterruptedException {
        for (int i = 0; i < members; i++) {
            command("ip", "netns", "del", namespace(i)).run();
        }
        command("ip", "netns", "del", run + "hub").run();
    }
}
