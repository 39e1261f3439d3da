package io.skerry.containers.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.base.process.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Ports of UDP with the kernel's own rules: a host, two containers of its bridge and a client, each
 * a network namespace, and perl, which every Debian has, to send and to answer.
 */
final class PublishedUdpTest {
    private static final String TAG = "skudp" + ProcessHandle.current().pid();
    private static final String HOST = TAG + "h";
    private static final String ONE = TAG + "a";
    private static final String TWO = TAG + "b";
    private static final String CLIENT = TAG + "c";
    private static final List<PublishedPort> PORT = List.of(new PublishedPort(53, 5353, "udp"));

    private static final String ANSWER =
            "use IO::Socket; my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 5353)"
                    + " or die; while (defined(my $from = $s->recv(my $text, 100)))"
                    + " { $s->send($ARGV[0]) }";

    /** From the same port each time, as many resolvers and all senders of logs do. */
    private static final String ASK =
            "use IO::Socket; my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 40001,"
                    + " PeerAddr => $ARGV[0], PeerPort => 53) or die; $s->send('who'); my $r = '';"
                    + " vec($r, fileno($s), 1) = 1; if (select($r, undef, undef, 3))"
                    + " { $s->recv(my $text, 100); print $text }";

    private final List<Process> servers = new ArrayList<>();

    @BeforeEach
    void build() throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "network namespaces need root");
        for (String namespace : List.of(HOST, ONE, TWO, CLIENT)) {
            ip("netns", "add", namespace);
            ip("-n", namespace, "link", "set", "lo", "up");
        }
        ip("-n", HOST, "link", "add", "skerry0", "type", "bridge");
        ip("-n", HOST, "addr", "add", "10.89.0.1/16", "dev", "skerry0");
        ip("-n", HOST, "link", "set", "skerry0", "up");
        join(ONE, "one", "10.89.0.2/16");
        join(TWO, "two", "10.89.0.3/16");
        for (String cable : List.of("one", "two")) {
            ip("-n", HOST, "link", "set", cable, "master", "skerry0");
            ip("-n", HOST, "link", "set", cable, "type", "bridge_slave", "hairpin", "on");
        }
        for (String container : List.of(ONE, TWO)) {
            ip("-n", container, "route", "add", "default", "via", "10.89.0.1");
        }
        join(CLIENT, "out", "192.0.2.2/24");
        ip("-n", HOST, "addr", "add", "192.0.2.1/24", "dev", "out");
        String allow = "cd /proc/sys/net/ipv4 && echo 1 > ip_forward";
        in(HOST, "sh", "-c", allow + " && echo 1 > conf/skerry0/route_localnet").check();
        nft(ContainerNetwork.rules(Subnet.OWN));
        answer(ONE, "one");
        answer(TWO, "two");
    }

    private static void join(String namespace, String cable, String address) throws Exception {
        ip("-n", HOST, "link", "add", cable, "type", "veth", "peer", "eth0", "netns", namespace);
        ip("-n", HOST, "link", "set", cable, "up");
        ip("-n", namespace, "addr", "add", address, "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
    }

    @AfterEach
    void remove() throws Exception {
        for (Process server : servers) {
            server.destroyForcibly().waitFor();
        }
        for (String namespace : List.of(HOST, ONE, TWO, CLIENT)) {
            var _ = Command.of("ip", "netns", "delete", namespace).run();
        }
    }

    @Test
    void leadToTheContainerThatHasThemNowWhateverSenderWasThereBefore() throws Exception {
        assertThat(ask(CLIENT, "192.0.2.1")).as("nobody has it yet").isEmpty();

        nft(ContainerNetwork.elements("add", "10.89.0.2", PORT, 17));
        await("one", CLIENT, "192.0.2.1");
        await("one", HOST, "127.0.0.1");
        await("one", TWO, "10.89.0.1");

        nft(ContainerNetwork.elements("delete", "10.89.0.2", PORT, 17));
        nft(ContainerNetwork.elements("add", "10.89.0.3", PORT, 18));
        await("two", CLIENT, "192.0.2.1");
        await("two", HOST, "127.0.0.1");
    }

    /** By the bridge's address and the host's others, and beside others who ask from that port. */
    @Test
    void leadTheContainerThatHasThemToItself() throws Exception {
        nft(ContainerNetwork.elements("add", "10.89.0.2", PORT, 17));
        await("one", TWO, "10.89.0.1");

        await("one", ONE, "10.89.0.1");
        await("one", ONE, "192.0.2.1");
        await("one", TWO, "192.0.2.1");
        await("one", CLIENT, "192.0.2.1");
    }

    private static void await(String answer, String namespace, String address) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String last = ask(namespace, address);
        while (!last.equals(answer) && System.nanoTime() < deadline) {
            last = ask(namespace, address);
        }
        assertThat(last).as(address + " asked from " + namespace).isEqualTo(answer);
    }

    private static String ask(String namespace, String address) throws Exception {
        return in(namespace, "perl", "-e", ASK, address).check().stdout();
    }

    private void answer(String namespace, String name) throws Exception {
        servers.add(
                new ProcessBuilder(in(namespace, "perl", "-e", ANSWER, name).arguments())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    private static void nft(String commands) throws Exception {
        in(HOST, "nft", "-f", "-").stdin(commands).check();
    }

    private static void ip(String... words) throws CommandException, InterruptedException {
        var arguments = new ArrayList<>(List.of("ip"));
        arguments.addAll(List.of(words));
        Command.of(arguments).check();
    }

    private static Command in(String namespace, String... words) {
        var arguments = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        arguments.addAll(List.of(words));
        return Command.of(arguments);
    }
}
