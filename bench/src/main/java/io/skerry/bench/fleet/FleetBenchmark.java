package io.skerry.bench.fleet;

import io.skerry.bench.fleet.FleetReport.Line;
import io.skerry.bench.store.BenchException;
import io.skerry.bench.store.ServerKind;
import io.skerry.bench.store.StoreCluster;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.LeaseKeeper;
import io.skerry.etcd.client.LeaseListener;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.store.EtcdFleetStore;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreRegistry;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the cluster, measures it, takes it away. Used once. */
public final class FleetBenchmark implements AutoCloseable {
    private static final Duration TTL = Duration.ofSeconds(30);

    /** How often a lease is renewed in its time, as the client does it. */
    private static final int RENEWALS_PER_TTL = 5;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration ROUND_LIMIT = Duration.ofMinutes(1);
    private static final int CLIENTS = 8;
    private static final int SUBMITTERS = 32;
    private static final int STARTS = 3;
    private static final int ZONES = 3;
    private static final String COUNTED = "grpc_server_msg_received_total";

    private final FleetPlan plan;
    private final Consumer<String> progress;
    private final StoreCluster cluster;
    private final Keys keys = new Keys(Keys.DEFAULT_PREFIX);
    private final List<EtcdClient> clients = new ArrayList<>();
    private final List<SimulatedAgent> agents = new ArrayList<>();
    private final Map<String, UnitFile> files = new ConcurrentHashMap<>();
    private final List<Line> lines = new ArrayList<>();

    /**
     * A benchmark that has not begun.
     *
     * @param launcher the {@code skerry} that starts the store
     * @param folder for the store's data
     * @param progress told what is going on
     */
    public FleetBenchmark(FleetPlan plan, Path launcher, Path folder, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
        this.cluster = new StoreCluster(ServerKind.skerry(launcher), folder, List.of());
    }

    /** Measures everything; minutes go by. */
    public FleetReport run()
            throws BenchException, IOException, InterruptedException, TimeoutException {
        try {
            return measure();
        } catch (EtcdException | RegistryException e) {
            throw new BenchException("the store failed: " + e.getMessage());
        }
    }

    private FleetReport measure()
            throws BenchException,
                    IOException,
                    InterruptedException,
                    TimeoutException,
                    EtcdException,
                    RegistryException {
        cluster.start(1);
        String endpoint = "http://127.0.0.1:" + cluster.clients().getFirst().getPort();
        var endpoints = new EtcdEndpoints(List.of(URI.create(endpoint)), null, REQUEST_TIMEOUT);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(EtcdClient.connect(endpoints));
        }
        EtcdClient client = clients.getFirst();
        var store = new EtcdFleetStore(client);
        var registry = new StoreRegistry(store, keys);
        LeaseKeeper first = startAgents();
        timed("submit " + plan.units() + " units", () -> submitAll(registry));
        try (var engine = new MeasuredEngine(hostId(0), store, keys, TTL, client.clock())) {
            engine.awaitStart();
            timed(
                    "place them and have them active on " + plan.hosts() + " hosts",
                    () -> {
                        engine.lead(first.id().value());
                        awaitActive(store);
                    });
            decisions(engine, registry);
            idle(endpoint);
        }
        starts(store, client);
        return new FleetReport(lines);
    }

    private interface Work {
        void run() throws InterruptedException, RegistryException, TimeoutException, BenchException;
    }

    private void timed(String name, Work work)
            throws InterruptedException, RegistryException, TimeoutException, BenchException {
        progress.accept(name);
        long start = System.nanoTime();
        work.run();
        add(name, seconds(System.nanoTime() - start), "s", null);
    }

    private void add(String name, double value, String unit, @Nullable Double target) {
        var line = new Line(name, value, unit, target);
        lines.add(line);
        progress.accept(name + ": " + value + " " + unit);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static String hostId(int number) {
        return String.format(Locale.ROOT, "%032x", number + 1);
    }

    private LeaseKeeper startAgents()
            throws EtcdException, InterruptedException, RegistryException {
        progress.accept("start " + plan.hosts() + " agents");
        LeaseKeeper first = null;
        for (int i = 0; i < plan.hosts(); i++) {
            EtcdClient client = clients.get(i % CLIENTS);
            LeaseKeeper lease =
                    client.keepLease(
                            TTL,
                            new LeaseListener() {
                                @Override
                                public void onLost() {
                                    progress.accept("a lease was lost; the machine is too busy");
                                }
                            });
            first = first == null ? lease : first;
            var metadata = new TreeMap<>(Map.of("zone", "z" + i % ZONES));
            String address = "10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256;
            var machine =
                    new MachineState(
                            hostId(i),
                            address,
                            metadata,
                            "boot",
                            "bench",
                            false,
                            false,
                            new Resources(16_000, 64L << 30));
            agents.add(
                    SimulatedAgent.start(
                            machine,
                            new EtcdFleetStore(client),
                            keys,
                            lease,
                            client.clock(),
                            files));
        }
        return Objects.requireNonNull(first);
    }

    private void submitAll(StoreRegistry registry) throws InterruptedException, BenchException {
        try (var executor = Executors.newFixedThreadPool(SUBMITTERS)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < plan.units(); i++) {
                String name = "unit-" + i + ".service";
                running.add(
                        executor.submit(() -> {
                            submit(registry, name);
                            return null;
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new BenchException("a unit was not taken: " + e.getCause());
        }
    }

    /** Every unit has a file of its own, as in a real cluster, and asks for a little. */
    private void submit(StoreRegistry registry, String name) throws RegistryException {
        try {
            var file =
                    UnitFile.parse(
                            name,
                            "[Unit]\nDescription="
                                    + name
                                    + "\n[Service]\nExecStart=/bin/sleep infinity\n"
                                    + "[X-Fleet]\nCPU=100m\nMemory=64M\n");
            files.put(file.sha1Hash(), file);
            registry.submit(new UnitName(name), file, TargetState.LAUNCHED, false);
        } catch (UnitFileException | InvalidUnitException e) {
            throw new IllegalStateException("the benchmark's own unit file is refused", e);
        }
    }

    private void awaitActive(EtcdFleetStore store)
            throws InterruptedException, RegistryException, TimeoutException {
        long end = System.nanoTime() + LIMIT.toNanos();
        int seen = -1;
        while (true) {
            int active = store.list(List.of(KeyRange.under(keys.states()))).entries().size();
            if (active >= plan.units()) {
                return;
            }
            if (active / 5000 != seen / 5000) {
                progress.accept(active + " units are active");
            }
            seen = active;
            if (System.nanoTime() > end) {
                throw new TimeoutException("only " + active + " units became active");
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private void decisions(MeasuredEngine engine, StoreRegistry registry)
            throws InterruptedException, RegistryException, TimeoutException {
        progress.accept("submit " + plan.samples() + " units one by one");
        var deciding = new ArrayList<Long>();
        var placing = new ArrayList<Long>();
        for (int i = 0; i < plan.samples(); i++) {
            engine.forgetRounds();
            String name = "sample-" + i + ".service";
            long start = System.nanoTime();
            submit(registry, name);
            MeasuredEngine.Round round = engine.awaitRound(ROUND_LIMIT);
            deciding.add(round.deciding().toNanos());
            placing.add(round.committedAt() - start);
            registry.destroy(new UnitName(name));
        }
        add("engine's decision after one event, median", millis(at(deciding, 0.5)), "ms", 5.0);
        add("engine's decision after one event, p99", millis(at(deciding, 0.99)), "ms", null);
        add(
                "from submitting a unit until it is placed, median",
                millis(at(placing, 0.5)),
                "ms",
                null);
    }

    private static long at(List<Long> values, double part) {
        var sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * part)));
    }

    private void idle(String endpoint) throws IOException, InterruptedException {
        progress.accept("count requests at rest");
        TimeUnit.SECONDS.sleep(5); // The last sample's agent has told all it had to.
        double before = requests(endpoint);
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(plan.idle().toMillis());
        double count = requests(endpoint) - before;
        double passed = seconds(System.nanoTime() - start);
        add(
                "requests to the store at rest, renewals of leases included",
                count / passed,
                "/s",
                null);
        add(
                "of these, renewals: five in the time of each lease of 30 s",
                plan.hosts() * RENEWALS_PER_TTL / (TTL.toMillis() / 1000.0),
                "/s",
                null);
    }

    /** Messages that the store has received over gRPC. */
    private static double requests(String endpoint) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(endpoint + "/metrics")).build();
            return http.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(COUNTED))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private void starts(EtcdFleetStore store, EtcdClient client)
            throws InterruptedException, TimeoutException {
        progress.accept("start the engine anew");
        var taken = new ArrayList<Long>();
        for (int i = 0; i < STARTS; i++) {
            try (var engine = new MeasuredEngine(hostId(0), store, keys, TTL, client.clock())) {
                taken.add(engine.awaitStart().toNanos());
            }
        }
        add(
                "start-up of the engine with that state, median of 3",
                seconds(at(taken, 0.5)),
                "s",
                3.0);
    }

    @Override
    public void close() {
        agents.forEach(SimulatedAgent::close);
        clients.forEach(EtcdClient::close);
        cluster.close();
    }
}
