package io.skerry.bench.net;

import io.skerry.bench.store.Goal;
import io.skerry.bench.store.Machine;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.kernel.Rtnetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the plan. In each round every program has its turn (A B A B), each with hosts made anew, so
 * that whatever else the machine does meets both; medians are taken over the rounds.
 */
public final class NetBenchmark implements AutoCloseable {
    /** What throughput is measured with. */
    public static final Path IPERF = Iperf.PROGRAM;

    private static final String HUB_ADDRESS = "10.89.0.1";
    private static final String SMALL_NETWORK = "10.77.0.0/16";
    private static final String LARGE_NETWORK = "10.64.0.0/11";

    /** Beyond those of which hosts choose their own. */
    private static final int FIRST_PEER = 300;

    private static final int LEASES_A_TURN = 5;
    private static final int ROUTES_POLL_MILLIS = 20;
    private static final int SETTLE_MILLIS = 3000;
    private static final double MEGABYTE = 1 << 20;
    private static final double NANOS_A_MILLI = 1e6;

    private final NetPlan plan;
    private final List<Contender> contenders = new ArrayList<>();
    private final Path folder;
    private final Consumer<String> progress;
    private final Cabling cabling = new Cabling();
    private final Map<String, Series> figures = new LinkedHashMap<>();

    /** The rounds of one figure. */
    private record Series(List<Double> original, List<Double> ours, Goal goal) {}

    /**
     * A benchmark with its files in a folder.
     *
     * @param flanneld the original; empty: only ours is measured
     * @param certificates as {@code skerry pki create} makes them
     * @param progress told what is done now, a line at a time
     */
    public NetBenchmark(
            NetPlan plan,
            Path launcher,
            Optional<Path> flanneld,
            Path certificates,
            Path folder,
            Consumer<String> progress) {
        this.plan = plan;
        flanneld.ifPresent(program -> contenders.add(Contender.flanneld(program, certificates)));
        contenders.add(Contender.skerry(launcher));
        this.folder = folder;
        this.progress = progress;
    }

    /** Measures. */
    public NetReport run(Path etcd) throws Exception {
        String before = load();
        Cabling.Place hub = cabling.add("hub");
        hub.ip(
                "link set lo up",
                "link add br0 type bridge",
                "link set br0 up",
                "addr add " + HUB_ADDRESS + "/24 dev br0");
        try (var store = new LeaseStore(hub, HUB_ADDRESS, etcd, folder)) {
            for (String backend : plan.backends()) {
                for (int round = 1; round <= plan.rounds(); round++) {
                    for (Contender contender : contenders) {
                        progress.accept(backend + ", round " + round + ": " + contender.label());
                        pair(hub, store, backend, contender);
                    }
                }
            }
            for (int round = 1; plan.peers() > 0 && round <= plan.rounds(); round++) {
                for (Contender contender : contenders) {
                    progress.accept(
                            plan.peers() + " peers, round " + round + ": " + contender.label());
                    manyPeers(hub, store, contender);
                }
            }
        }
        return new NetReport(
                Machine.of(folder),
                List.of(before, load()),
                figures.entrySet().stream()
                        .map(entry ->
                                new NetFigure(
                                        entry.getKey(),
                                        entry.getValue().original(),
                                        entry.getValue().ours(),
                                        entry.getValue().goal()))
                        .toList());
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    }

    private void add(Contender contender, String name, double value, Goal goal) {
        Series series =
                figures.computeIfAbsent(
                        name, _ -> new Series(new ArrayList<>(), new ArrayList<>(), goal));
        (contender.original() ? series.original() : series.ours()).add(value);
    }

    /** Two hosts: one is there, the other joins. */
    private void pair(Cabling.Place hub, LeaseStore store, String backend, Contender contender)
            throws Exception {
        store.begin(SMALL_NETWORK, backend);
        Path files = Files.createTempDirectory(folder, contender.label());
        try (var first = new OverlayHost(cabling, hub, 1, HUB_ADDRESS, files);
                var second = new OverlayHost(cabling, hub, 2, HUB_ADDRESS, files)) {
            second.start(contender, store.url());
            second.awaitSubnet();
            second.attach();
            try (var echo = new Echo(second)) {
                add(
                        contender,
                        backend + ": start to the first answer of a container, ms",
                        join(contender, store, first, second, echo),
                        new Goal.RatioAtMost(1));
            }
            boolean carries = backend.equals("udp");
            Iperf.Run run = Iperf.run(first, second, plan.time(), files);
            add(
                    contender,
                    backend + ": TCP, Gbit/s",
                    run.gigabitsPerSecond(),
                    carries ? new Goal.RatioAtLeast(3) : new Goal.None());
            add(
                    contender,
                    backend + ": TCP, Gbit per CPU-second",
                    run.gigabitsPerCpuSecond(),
                    carries ? new Goal.None() : new Goal.RatioAtLeast(0.98));
            if (!carries) {
                leases(contender, store, backend, first);
            }
            add(
                    contender,
                    backend + ": the daemon's resident memory, MB",
                    first.use().residentBytes() / MEGABYTE,
                    new Goal.None());
        }
    }

    private static double join(
            Contender contender, LeaseStore store, OverlayHost first, OverlayHost second, Echo echo)
            throws Exception {
        long start = System.nanoTime();
        first.start(contender, store.url());
        first.awaitSubnet();
        first.attach();
        Echo.await(first, second);
        double taken = (System.nanoTime() - start) / NANOS_A_MILLI;
        echo.close();
        return taken;
    }

    /** A third host comes and goes by its lease alone. */
    private void leases(Contender contender, LeaseStore store, String backend, OverlayHost host)
            throws Exception {
        Optional<String> device =
                backend.equals("vxlan") ? Optional.of("flannel.1") : Optional.empty();
        for (int i = 0; i < LEASES_A_TURN; i++) {
            String subnet = "10.77.20" + i + ".0/24";
            String key = LeaseStore.key(subnet);
            long put = System.nanoTime();
            store.put(key, lease(backend, "10.89.0.10" + i, i));
            awaitRoute(host, device, subnet, true);
            long there = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(200); // the daemon has looked at what it did
            long delete = System.nanoTime();
            store.delete(key);
            awaitRoute(host, device, subnet, false);
            long gone = System.nanoTime();
            add(
                    contender,
                    backend + ": lease put to route there, ms",
                    (there - put) / NANOS_A_MILLI,
                    new Goal.None());
            add(
                    contender,
                    backend + ": lease gone to route gone, ms",
                    (gone - delete) / NANOS_A_MILLI,
                    new Goal.AtMost(100));
        }
    }

    private static String lease(String backend, String publicIp, int number) {
        String data =
                backend.equals("vxlan")
                        ? ",\"BackendData\":{\"VNI\":1,\"VtepMAC\":\"02:00:00:01:%02x:%02x\"}"
                                .formatted(number >> 8, number & 0xff)
                        : "";
        return "{\"PublicIP\":\"%s\",\"PublicIPv6\":null,\"BackendType\":\"%s\"%s}"
                .formatted(publicIp, backend, data);
    }

    private static void awaitRoute(
            OverlayHost host, Optional<String> device, String subnet, boolean there)
            throws Exception {
        boolean seen =
                host.place()
                        .thread()
                        .on(() -> {
                            try (var kernel = Rtnetlink.open()) {
                                Processes.await(
                                        "the route to " + subnet + (there ? "" : " is gone"),
                                        1,
                                        () ->
                                                kernel
                                                                .observe(device, Family.IPV4)
                                                                .routes()
                                                                .stream()
                                                                .anyMatch(route ->
                                                                        route.destination()
                                                                                .toString()
                                                                                .equals(subnet))
                                                        == there);
                                return true;
                            }
                        });
        assert seen;
    }

    /** One host among many, which are leases alone. */
    private void manyPeers(Cabling.Place hub, LeaseStore store, Contender contender)
            throws Exception {
        store.begin(LARGE_NETWORK, "vxlan");
        var leases = new TreeMap<String, String>();
        for (int i = 0; i < plan.peers(); i++) {
            int subnet = FIRST_PEER + i;
            leases.put(
                    LeaseStore.key("10.%d.%d.0/24".formatted(64 + (subnet >> 8), subnet & 0xff)),
                    lease("vxlan", "10.90.%d.%d".formatted(i / 250, i % 250 + 1), subnet));
        }
        store.putAll(leases);
        Path files = Files.createTempDirectory(folder, contender.label());
        try (var host = new OverlayHost(cabling, hub, 1, HUB_ADDRESS, files)) {
            long start = System.nanoTime();
            host.start(contender, store.url());
            awaitRoutes(host, plan.peers());
            double taken = (System.nanoTime() - start) / NANOS_A_MILLI;
            double cpuSeconds = host.use().cpuSeconds();
            host.awaitSubnet();
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            String name = plan.peers() + " peers: ";
            add(contender, name + "start to the last route, ms", taken, new Goal.AtMost(1500));
            add(contender, name + "CPU-seconds until then", cpuSeconds, new Goal.None());
            add(
                    contender,
                    name + "the daemon's resident memory, MB",
                    host.use().residentBytes() / MEGABYTE,
                    new Goal.None());
        }
    }

    private static void awaitRoutes(OverlayHost host, int count) throws Exception {
        boolean seen =
                host.place()
                        .thread()
                        .on(() -> {
                            Path table = Path.of("/proc/thread-self/net/route");
                            Processes.await(
                                    count + " routes",
                                    ROUTES_POLL_MILLIS,
                                    () -> {
                                        try (var lines = Files.lines(table)) {
                                            return lines.filter(line ->
                                                            line.startsWith("flannel.1"))
                                                            .count()
                                                    >= count;
                                        }
                                    });
                            return true;
                        });
        assert seen;
    }

    /** Removes all namespaces; safe to call from a shutdown hook, and twice. */
    @Override
    public void close() throws IOException {
        cabling.close();
    }
}
