package io.skerry.flannel;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host with two containers on one bridge, as containers are attached: 10.77.1.2 and
 * fd00:77:0:1::2, 10.77.1.3 and fd00:77:0:1::3. Beyond a router's interface of the host is
 * 192.0.2.2 and fd00:99::2. Needs root.
 */
public final class BridgedHost implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    public final TestHost host;
    public final TestHost one;
    public final TestHost two;
    public final TestHost outside;

    public BridgedHost() throws Exception {
        String name = "skp" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        host = new TestHost(name);
        one = new TestHost(name + "-one");
        two = new TestHost(name + "-two");
        outside = new TestHost(name + "-out");
        for (TestHost each : new TestHost[] {host, one, two, outside}) {
            useAddressesAtOnce(each);
        }
        batch(
                host,
                """
                link set lo up
                link add br0 type bridge
                link set br0 up
                addr add 10.77.1.1/24 dev br0
                addr add fd00:77:0:1::1/64 dev br0 nodad
                """);
        attach(one, "c1", "10.77.1.2/24", "fd00:77:0:1::2/64");
        attach(two, "c2", "10.77.1.3/24", "fd00:77:0:1::3/64");
        batch(host, "link set c1 master br0\nlink set c2 master br0\n");
        // The kernel lets a port forward some time after its other end is up; until then even the
        // one datagram that a test sends would be lost.
        for (String port : new String[] {"c1", "c2"}) {
            Await.until(port + " forwards", () -> forwards(port));
        }
        route(one, "10.77.1.1", "fd00:77:0:1::1");
        route(two, "10.77.1.1", "fd00:77:0:1::1");
        attach(outside, "up0", "192.0.2.2/24", "fd00:99::2/64");
        batch(host, "addr add 192.0.2.1/24 dev up0\naddr add fd00:99::1/64 dev up0 nodad\n");
        route(outside, "192.0.2.1", "fd00:99::1");
        host.on(() -> {
            Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1\n");
            return Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1\n");
        });
    }

    /** Looking whether somebody else has an address takes seconds, in which packets are lost. */
    private static void useAddressesAtOnce(TestHost in) throws Exception {
        in.on(() -> {
            for (String devices : new String[] {"all", "default"}) {
                Path look = Path.of("/proc/sys/net/ipv6/conf", devices, "accept_dad");
                Files.writeString(look, "0\n");
            }
            return true;
        });
    }

    private void attach(TestHost other, String port, String four, String six)
            throws IOException, InterruptedException {
        batch(
                host,
                """
                link add %s type veth peer name eth0 netns %s
                link set %1$s up
                """
                        .formatted(port, other.namespace()));
        batch(
                other,
                """
                link set lo up
                addr add %s dev eth0
                addr add %s dev eth0 nodad
                link set eth0 up
                """
                        .formatted(four, six));
    }

    private boolean forwards(String port) throws IOException, InterruptedException {
        return Command.of("bridge", "-n", host.namespace(), "link", "show", "dev", port)
                .check()
                .stdout()
                .contains("state forwarding");
    }

    private static void route(TestHost of, String four, String six)
            throws IOException, InterruptedException {
        batch(of, "route add default via %s\n-6 route add default via %s\n".formatted(four, six));
    }

    private static void batch(TestHost in, String commands)
            throws IOException, InterruptedException {
        // A batch of one family at a time would refuse the other's routes.
        for (String line : commands.lines().toList()) {
            Command.of("sh", "-c", "ip -n " + in.namespace() + " " + line).check();
        }
    }

    @Override
    public void close() throws IOException {
        for (TestHost each : new TestHost[] {outside, two, one, host}) {
            each.close();
        }
    }
}
