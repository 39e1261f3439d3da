package io.skerry.flannel.daemon;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.base.log.Log;
import io.skerry.base.thread.SteadyLoop;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.book.FleetMachines;
import io.skerry.flannel.book.HostList;
import io.skerry.flannel.book.PolicyBook;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.SubnetRange;
import io.skerry.flannel.filter.Compiler;
import io.skerry.flannel.filter.Counts;
import io.skerry.flannel.filter.Filter;
import io.skerry.flannel.netfilter.PolicyTable;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Landscape;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.Selector;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.NetworkStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the kernel's table of policies as the store's policies, the leases and fleet's machines ask
 * for. Until the store has told its policies once, it touches nothing, and while the store is away
 * it keeps to what it knows; a table that an earlier run left stays in force that long.
 *
 * <p>It works in the network namespace of the thread that starts it, by a platform thread of its
 * own: routes do not wait for rules.
 */
final class PolicyEnforcement implements AutoCloseable {
    private static final Log LOG = Log.of(PolicyEnforcement.class);

    /** A storm of changes is worth so many compilations. */
    private static final long LEAST_MILLIS_BETWEEN_TURNS = 50;

    /** The part of the network that matters here. */
    record Overlaid(NetworkConfig config, PerFamily<Cidr> own, List<Lease> leases) {
        Overlaid {
            leases = List.copyOf(leases);
        }

        AddressSet network() {
            return set(config.ranges().all().stream().map(SubnetRange::network).toList());
        }

        AddressSet ownAddresses() {
            return set(own.all());
        }

        private static AddressSet set(List<Cidr> networks) {
            return AddressSet.of(networks);
        }
    }

    /** What a compilation is made of; the same gives the same. */
    private record Sources(List<Policy> policies, Landscape landscape) {}

    private final FlannelConfig config;
    private final NetworkStore store;
    private final PolicyMetrics metrics;
    private final WakeUp wake = new WakeUp();
    private final AtomicBoolean tableMayDiffer = new AtomicBoolean(true);
    private final Mirror mirror;
    private final Thread thread;
    private volatile @Nullable Map<String, KeyValue> documents;
    private volatile @Nullable Map<String, KeyValue> machines;
    private volatile @Nullable Overlaid overlaid;
    private volatile boolean closed;

    // Confined to the thread.
    private final PolicyBook book = new PolicyBook();
    private final HostList hosts = new HostList();
    private @Nullable Map<String, KeyValue> read;
    private @Nullable Mirror machineMirror;
    private long followedSince;
    private @Nullable PolicyTable table;
    private @Nullable Sources compiledOf;
    private @Nullable Filter filter;
    private Counts counts = Counts.NONE;
    private String lastError = "";
    private String told = "";
    private @Nullable PolicyStatus status;

    private PolicyEnforcement(FlannelConfig config, NetworkStore store, PolicyMetrics metrics) {
        this.config = config;
        this.store = store;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().daemon().name("flannel-policies").unstarted(this::run);
        this.mirror = store.follow(config.keys().policies(), this::documents);
    }

    static PolicyEnforcement start(
            FlannelConfig config, NetworkStore store, PolicyMetrics metrics) {
        var enforcement = new PolicyEnforcement(config, store, metrics);
        enforcement.thread.start();
        return enforcement;
    }

    /** By any thread: the host's part in the network is this now. */
    void network(Overlaid now) {
        if (!now.equals(overlaid)) {
            overlaid = now;
            wake.call();
        }
    }

    /** By any thread: somebody has changed nftables' rules. */
    void rulesChanged() {
        if (filter != null) {
            tableMayDiffer.set(true);
            wake.call();
        }
    }

    private void documents(Map<String, KeyValue> entries) {
        documents = entries;
        wake.call();
    }

    private void machines(Map<String, KeyValue> entries) {
        machines = entries;
        wake.call();
    }

    private void run() {
        try {
            SteadyLoop.run("policies", this::round, this::failed);
        } finally {
            Mirror following = machineMirror;
            if (following != null) {
                following.close();
            }
        }
    }

    private boolean round() throws InterruptedException {
        turn();
        TimeUnit.MILLISECONDS.sleep(LEAST_MILLIS_BETWEEN_TURNS);
        if (!wake.await(config.lookInterval())) {
            tableMayDiffer.set(true); // nobody need have told
        }
        return !closed;
    }

    private void failed(String fault) {
        tableMayDiffer.set(true);
        metrics.failed();
        tell(book.policies().size(), fault);
    }

    private void turn() throws InterruptedException {
        Map<String, KeyValue> entries = documents;
        Overlaid network = overlaid;
        if (entries == null || network == null) {
            return;
        }
        if (!entries.equals(read)) {
            book.read(config.keys().policies(), entries);
            read = entries;
            book.faults().forEach(fault -> LOG.error("a policy is at fault", "why", fault));
        }
        List<Policy> policies = book.policies();
        String problem = String.join("; ", book.faults());
        try {
            if (policies.isEmpty()) {
                clear(tableOf(network));
            } else {
                Optional<String> missing = enforce(tableOf(network), policies, network);
                problem =
                        Stream.concat(Stream.of(problem), missing.stream())
                                .filter(text -> !text.isEmpty())
                                .reduce((one, other) -> one + "; " + other)
                                .orElse("");
            }
        } catch (IOException e) {
            tableMayDiffer.set(true);
            metrics.failed();
            problem = "the rules of policies cannot be put: " + e.getMessage();
        }
        tell(policies.size(), problem);
    }

    private PolicyTable tableOf(Overlaid network) throws IOException, InterruptedException {
        String name = PolicyTable.nameFor(network.config().network());
        PolicyTable present = table;
        if (present != null && present.name().equals(name)) {
            return present;
        }
        if (present != null) {
            present.remove();
        }
        compiledOf = null;
        filter = null;
        var fresh = new PolicyTable(name);
        table = fresh;
        return fresh;
    }

    private void clear(PolicyTable present) throws IOException, InterruptedException {
        present.remove();
        compiledOf = null;
        filter = null;
        metrics.inForce(0, book.faults().size(), 0);
    }

    /** What is missing though the rules are put; empty if nothing is. */
    private Optional<String> enforce(PolicyTable present, List<Policy> policies, Overlaid network)
            throws IOException, InterruptedException {
        List<HostFacts> known = List.of();
        if (policies.stream().anyMatch(PolicyEnforcement::namesHosts)) {
            follow();
            Map<String, KeyValue> found = machines;
            if (found == null) {
                return missingMachines();
            }
            known = hosts.of(network.leases(), FleetMachines.byAddress(found));
        }
        var sources =
                new Sources(
                        policies, new Landscape(network.network(), network.ownAddresses(), known));
        Filter wanted = filter;
        if (wanted == null || !sources.equals(compiledOf)) {
            wanted = Compiler.compile(policies, sources.landscape());
            tableMayDiffer.set(true);
            compiledOf = sources;
            filter = wanted;
        }
        Optional<String> bridges = present.ensureBridgesCall();
        if (tableMayDiffer.getAndSet(false) && present.ensure(wanted)) {
            metrics.replaced();
            LOG.info(
                    "policies are put",
                    "table",
                    present.name(),
                    "policies",
                    policies.size(),
                    "elements",
                    wanted.elements());
        }
        metrics.inForce(policies.size(), book.faults().size(), wanted.elements());
        counts = present.counts();
        metrics.counted(counts);
        return Stream.concat(bridges.stream(), withoutMachine(policies, known).stream())
                .reduce((one, other) -> one + "; " + other);
    }

    /** A policy that selects hosts by what fleet says must not pass them over in silence. */
    private static Optional<String> withoutMachine(List<Policy> policies, List<HostFacts> hosts) {
        boolean byMetadata =
                policies.stream()
                        .flatMap(policy ->
                                Stream.concat(policy.from().stream(), policy.to().stream()))
                        .anyMatch(Selector.Metadata.class::isInstance);
        String unknown =
                hosts.stream()
                        .filter(host -> host.machineId().isEmpty())
                        .map(HostFacts::publicIp)
                        .collect(Collectors.joining(", "));
        return byMetadata && !unknown.isEmpty()
                ? Optional.of(
                        "fleet has no machine with the address "
                                + unknown
                                + ", so policies by metadata leave it out")
                : Optional.empty();
    }

    private static boolean namesHosts(Policy policy) {
        return Stream.concat(policy.from().stream(), policy.to().stream())
                .anyMatch(selector -> !(selector instanceof Selector.Block));
    }

    /** Fleet's keys are of no interest until a policy names hosts. */
    private void follow() {
        if (machineMirror == null) {
            machineMirror = store.follow(FleetMachines.PREFIX, this::machines);
            followedSince = System.nanoTime();
        }
    }

    /** They come a moment after they were asked for; later than that somebody must act. */
    private Optional<String> missingMachines() {
        return System.nanoTime() - followedSince < config.lookInterval().toNanos()
                ? Optional.empty()
                : Optional.of(
                        "waits for fleet's machines, which policies name, under "
                                + FleetMachines.PREFIX);
    }

    private void tell(int policies, String problem) {
        if (!problem.isEmpty() && !problem.equals(told)) {
            LOG.error("policies are not in force as they should be", "why", problem);
            lastError = problem;
        }
        told = problem;
        try {
            var now = new PolicyStatus(policies, problem, lastError, counts);
            if (!now.equals(status)) {
                WholeFile.replace(
                        PolicyStatus.file(config.subnetFile()), now.json(), FileMode.PUBLIC);
                status = now;
            }
        } catch (IOException e) {
            LOG.warn("cannot tell how policies fare", "cause", e.getMessage());
        }
    }

    /** Ends; the kernel keeps its table. */
    @Override
    public void close() {
        closed = true;
        mirror.close();
        thread.interrupt();
    }
}
