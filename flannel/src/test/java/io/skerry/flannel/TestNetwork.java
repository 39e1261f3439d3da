package io.skerry.flannel;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hosts on one link, each a network namespace with eth0 10.88.0.1N/24 and fd88::1N/64, and on its
 * loopback device nothing but what a test puts there. The machine's own network is not touched.
 * Needs root.
 */
public final class TestNetwork implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final TestHost bridge;
    private final List<TestHost> hosts = new ArrayList<>();
    private final List<TestHost> containers = new ArrayList<>();

    public TestNetwork(int count) throws Exception {
        String name = "skf" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        bridge = new TestHost(name + "-sw");
        try {
            bridge.ip("link", "set", "lo", "up");
            bridge.ip("link", "add", "br0", "type", "bridge");
            bridge.ip("link", "set", "br0", "up");
            bridge.ip("addr", "add", "10.88.0.1/24", "dev", "br0");
            bridge.ip("addr", "add", "fd88::1/64", "dev", "br0", "nodad");
            for (int i = 1; i <= count; i++) {
                TestHost host = new TestHost(name + "-h" + i);
                hosts.add(host);
                join(host, i);
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void join(TestHost host, int number) throws IOException, InterruptedException {
        String port = "h" + number;
        Command.of("ip", "-n", bridge.namespace(), "-batch", "-")
                .stdin(
                        "link add "
                                + port
                                + " type veth peer name eth0 netns "
                                + host.namespace()
                                + "\nlink set "
                                + port
                                + " master br0 up\n")
                .check();
        Command.of("ip", "-n", host.namespace(), "-batch", "-")
                .stdin(
                        "link set lo up\naddr add "
                                + address(number)
                                + "/24 dev eth0\naddr add "
                                + address6(number)
                                + "/64 dev eth0 nodad\nlink set eth0 up\n"
                                + "route add default via 10.88.0.1\n"
                                + "route add ::/0 via fd88::1\n")
                .check();
    }

    /** A namespace behind a host, as a container is, with an address of the host's subnet. */
    public TestHost container(TestHost host, String gateway, String address) throws Exception {
        TestHost container = new TestHost(host.namespace() + "c");
        containers.add(container);
        Command.of("ip", "-n", host.namespace(), "-batch", "-")
                .stdin(
                        "link add c0 type veth peer name eth0 netns "
                                + container.namespace()
                                + "\naddr add "
                                + gateway
                                + "/24 dev c0\nlink set c0 up\n")
                .check();
        Command.of("ip", "-n", container.namespace(), "-batch", "-")
                .stdin(
                        "link set lo up\naddr add "
                                + address
                                + "/24 dev eth0\nlink set eth0 up\nroute add default via "
                                + gateway
                                + "\n")
                .check();
        return container;
    }

    /** Where a host is, counted from 1. */
    public static String address(int number) {
        return "10.88.0.1" + number;
    }

    /** The same of IPv6. */
    public static String address6(int number) {
        return "fd88::1" + number;
    }

    /** A host, counted from 1. */
    public TestHost host(int number) {
        return hosts.get(number - 1);
    }

    /** Where the hosts' link is, with an address of its own, 10.88.0.1. */
    public TestHost bridge() {
        return bridge;
    }

    public List<TestHost> hosts() {
        return List.copyOf(hosts);
    }

    @Override
    public void close() throws IOException {
        for (TestHost container : containers) {
            container.close();
        }
        for (TestHost host : hosts) {
            host.close();
        }
        bridge.close();
    }
}
