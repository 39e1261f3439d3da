package io.skerry.flannel.daemon;

import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.thread.SteadyLoop;
import io.skerry.base.thread.ThreadEnd;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.ConfigFault;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.kernel.KernelNews;
import io.skerry.flannel.kernel.Rtnetlink;
import io.skerry.flannel.netfilter.Nftables;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.NetworkStore;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One host's part in the overlay network, over a store, which stays the caller's to close. Starts
 * whether or not the store can be reached or has a configuration, and goes on trying; a
 * configuration that comes or changes while it runs is taken up.
 *
 * <p>It works in the network namespace of the thread that starts it, as a thread that is started
 * inherits it; its own thread is therefore a platform thread. When it ends, the kernel keeps all
 * that it was given and goes on to forward.
 */
public final class FlannelDaemon implements AutoCloseable {
    private static final Log LOG = Log.of(FlannelDaemon.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    /** A storm of changes is worth so many looks. */
    private static final long LEAST_MILLIS_BETWEEN_LOOKS = 20;

    private final FlannelConfig config;
    private final NetworkStore store;
    private final FlannelMetrics metrics;
    private final PolicyMetrics policyMetrics;
    private final Consumer<String> unusable;
    private final WakeUp wake = new WakeUp();
    private final AtomicBoolean rulesMayDiffer = new AtomicBoolean(true);
    private final CountDownLatch firstReady = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable String configText;
    private volatile @Nullable List<Lease> leases;
    private volatile @Nullable HostNetwork network;
    private volatile @Nullable PolicyEnforcement policies;
    private volatile @Nullable String problem = "has not begun yet";

    /** Numbers of the overlay's devices, whose entries alone are of interest. */
    private volatile Set<Integer> devices = Set.of();

    private volatile boolean goingOn;
    private volatile boolean closed;
    private volatile boolean leaving;

    // Confined to the thread.
    private @Nullable PathCheck paths;
    private String takenUp = "";
    private String fault = "";
    private List<Lease> remembered = List.of();

    private FlannelDaemon(
            FlannelConfig config, NetworkStore store, Metrics metrics, Consumer<String> unusable) {
        this.config = config;
        this.store = store;
        this.metrics = new FlannelMetrics(metrics);
        this.policyMetrics = new PolicyMetrics(metrics);
        this.unusable = unusable;
        FlannelMetrics.ofCarrier(
                metrics,
                () -> {
                    HostNetwork running = network;
                    return running == null ? null : running.carrier();
                });
        this.thread = Thread.ofPlatform().daemon().name("flannel").unstarted(this::run);
    }

    /**
     * Starts.
     *
     * @param unusable is told, each time it is found so, why the network's configuration cannot be
     *     used on this host; it is tried again when it changes
     */
    public static FlannelDaemon start(
            FlannelConfig config, NetworkStore store, Metrics metrics, Consumer<String> unusable) {
        var daemon = new FlannelDaemon(config, store, metrics, unusable);
        daemon.thread.start();
        return daemon;
    }

    /** The host's subnets, one of each family that the network has, once it has them. */
    public Optional<PerFamily<Cidr>> subnets() {
        HostNetwork running = network;
        return running == null ? Optional.empty() : running.subnets();
    }

    /** Why the host does not serve its subnet as it should; empty when it does. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Waits until the host has been ready once: it has a subnet, and the kernel what it needs. */
    public boolean awaitReady(Duration limit) throws InterruptedException {
        return firstReady.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        // All that is needed at once is asked for at once. Until there is a network, this costs a
        // host no more than two watches.
        try (var configMirror = store.follow(config.keys().config(), this::configured);
                var leaseMirror = store.follow(config.keys().subnets(), this::leased)) {
            LOG.debug("following the store", "mirrors", List.of(configMirror, leaseMirror));
            Rtnetlink.prepare();
            LastLeases.read(config.subnetFile()).ifPresent(this::goOn);
            while (!closed && configText == null) {
                note("waits for a configuration under " + config.keys().config());
                wake.await(config.lookInterval());
            }
            if (!closed) {
                serve();
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (IOException e) {
            problem = "cannot speak to the kernel: " + e.getMessage();
            LOG.error("cannot speak to the kernel", e);
            unusable.accept(String.valueOf(problem));
        } finally {
            HostNetwork running = network;
            if (running != null) {
                running.end(leaving);
            }
        }
    }

    private void serve() throws IOException {
        try (Kernel kernel = Rtnetlink.open();
                var kernelNews =
                        KernelNews.ofNetwork(number -> devices.contains(number), wake::call);
                var rulesNews = KernelNews.ofRules(this::rulesChanged)) {
            LOG.debug("serving", "parts", List.of(kernelNews, rulesNews));
            var rules = new EnumMap<Family, Nftables>(Family.class);
            SteadyLoop.run(
                    "network",
                    () -> !closed && round(kernel, rules),
                    fault -> {
                        metrics.fault("network");
                        rulesMayDiffer.set(true);
                        note(fault);
                    });
        } finally {
            closeFollowers();
        }
    }

    private boolean round(Kernel kernel, Map<Family, Nftables> rules) throws InterruptedException {
        boolean well = turn(kernel, rules);
        HostNetwork running = network;
        boolean soon = !well || (running != null && running.isUnsure());
        if (running != null && running.subnets().isPresent()) {
            TimeUnit.MILLISECONDS.sleep(LEAST_MILLIS_BETWEEN_LOOKS);
        }
        if (!wake.await(soon ? RETRY : config.lookInterval())) {
            rulesMayDiffer.set(true); // nobody need have told
        }
        return true;
    }

    private void closeFollowers() {
        PathCheck check = paths;
        if (check != null) {
            check.close();
        }
        PolicyEnforcement enforcement = policies;
        if (enforcement != null) {
            enforcement.close();
        }
    }

    /** Begins with what was known when this host ran last, unless the store was faster. */
    private synchronized void goOn(LastLeases last) {
        if (configText == null) {
            configText = last.config();
            leases = last.leases();
            goingOn = true;
        }
    }

    private void rulesChanged() {
        PolicyEnforcement enforcement = policies;
        if (enforcement != null) {
            enforcement.rulesChanged();
        }
        rulesMayDiffer.set(true);
        wake.call();
    }

    private synchronized void configured(Map<String, KeyValue> entries) {
        KeyValue entry = entries.get(config.keys().config());
        if (entry != null) {
            configText = entry.text();
        } else if (configText != null) {
            LOG.warn("the network's configuration is gone; this host goes on with the last");
        }
        wake.call();
    }

    private void leased(Map<String, KeyValue> entries) {
        leases = store.leaseReader().read(entries.values());
        wake.call();
    }

    /** True if all is well. */
    private boolean turn(Kernel kernel, Map<Family, Nftables> rules) throws InterruptedException {
        Optional<String> trouble;
        try {
            takeUp(kernel, rules);
            trouble = look(kernel);
        } catch (IOException e) {
            trouble = Optional.of(String.valueOf(e.getMessage()));
        }
        note(trouble.orElse(null));
        return trouble.isEmpty();
    }

    private void note(@Nullable String trouble) {
        if (trouble != null && !trouble.equals(problem)) {
            LOG.info("not ready", "why", trouble);
        }
        problem = trouble;
        metrics.ready(trouble == null);
        if (trouble == null) {
            firstReady.countDown();
        }
    }

    /** Begins with a configuration that is new. */
    private void takeUp(Kernel kernel, Map<Family, Nftables> rules)
            throws IOException, InterruptedException {
        String text = configText;
        HostNetwork running = network;
        if (text == null || (text.equals(takenUp) && running != null && !running.isOutdated())) {
            return;
        }
        try {
            NetworkJson parsed = NetworkJson.parse(text);
            if (!text.equals(takenUp)) {
                parsed.unknown()
                        .forEach(field -> LOG.warn("setting means nothing", "field", field));
            }
            if (running != null
                    && parsed.config().equals(running.config())
                    && !running.isOutdated()) {
                takenUp = text;
                return;
            }
            HostNetwork.requireMakeable(parsed.config().backend(), kernel);
            fault = "";
            if (running != null) {
                network = null;
                running.makeWay(parsed.config());
            }
            network =
                    new HostNetwork(
                            config,
                            parsed.config(),
                            store,
                            kernel,
                            rules,
                            metrics,
                            goingOn,
                            wake::call);
            goingOn = false;
            rulesMayDiffer.set(true);
            takenUp = text;
        } catch (ConfigFault e) {
            if (!text.equals(takenUp)) {
                LOG.error("the network's configuration cannot be used", "why", e.getMessage());
                unusable.accept(String.valueOf(e.getMessage()));
            }
            fault = ": " + e.getMessage();
            takenUp = text;
        }
    }

    private Optional<String> look(Kernel kernel) throws IOException, InterruptedException {
        HostNetwork running = network;
        List<Lease> known = leases;
        if (running == null) {
            return Optional.of("the configuration cannot be used" + fault);
        }
        if (known == null) {
            return Optional.of("waits for the store's leases");
        }
        try {
            Optional<String> trouble = running.look(known, () -> rulesMayDiffer.getAndSet(false));
            remember(running, known);
            return trouble;
        } catch (IOException | InterruptedException e) {
            rulesMayDiffer.set(true);
            throw e;
        } finally {
            devices = devices(kernel, running);
            tellFollowers(running, known);
        }
    }

    /** They begin after the first look: packets of containers need none of them. */
    private void tellFollowers(HostNetwork running, List<Lease> known) {
        var own = running.subnets();
        if (own.isEmpty()) {
            return;
        }
        PolicyEnforcement enforcement = policies;
        if (enforcement == null) {
            enforcement = PolicyEnforcement.start(config, store, policyMetrics);
            policies = enforcement;
        }
        enforcement.network(new PolicyEnforcement.Overlaid(running.config(), own.get(), known));
        PathCheck check = paths;
        if (check == null) {
            check = PathCheck.start(config.subnetFile(), metrics);
            paths = check;
        }
        check.follow(running.hosts());
    }

    private void remember(HostNetwork running, List<Lease> known) throws IOException {
        if (running.forgets() && !known.equals(remembered)) {
            new LastLeases(takenUp, known).write(config.subnetFile());
            remembered = known;
        }
    }

    private static Set<Integer> devices(Kernel kernel, HostNetwork running) throws IOException {
        var names = new HashSet<String>();
        for (Family family : Family.values()) {
            Plan.deviceName(running.config().backend(), family).ifPresent(names::add);
        }
        return names.isEmpty()
                ? Set.of()
                : kernel.interfaces().stream()
                        .filter(found -> names.contains(found.name()))
                        .map(Kernel.Interface::index)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Gives the host's subnet back: the other hosts remove their routes at once. */
    public void leave() {
        leaving = true;
        close();
    }

    /** Ends; the host's subnet stays its own for the time of its lease. */
    @Override
    public void close() {
        closed = true;
        wake.call();
        ThreadEnd.await(thread);
    }
}
