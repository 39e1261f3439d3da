package io.skerry.etcd.server;

import io.skerry.base.log.Log;
import io.skerry.base.log.LogSetup;
import io.skerry.etcd.server.api.v2.Projection;
import io.skerry.etcd.server.api.v3.EtcdApi;
import io.skerry.etcd.server.consensus.RaftLog;
import io.skerry.etcd.server.membership.InitialCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * One member alone in this process, with etcd's own flags. Each flag may also be given as an
 * environment variable: {@code ETCD_} and the flag's name in capitals, with {@code _} for {@code
 * -}. A flag wins over its variable.
 */
@Command(
        name = "etcd",
        description = "Run one member of a store, with etcd's flags and environment.",
        sortOptions = false,
        customSynopsis = "skerry etcd [FLAG...]",
        defaultValueProvider = EtcdCommand.Environment.class,
        modelTransformer = FlagSections.class,
        footer = {
            "",
            "Every flag can be given as ETCD_NAME, ETCD_DATA_DIR and so on.",
            "",
            "Flags of etcd that have nothing to set here are refused with the reason; all of them"
                    + " stand in docs/etcd-operations.md.",
            "",
            "Examples:",
            "  skerry etcd --name a --data-dir /var/lib/a",
            "  skerry etcd --config-file /etc/etcd.conf.yml",
            "  skerry etcd --name a --initial-cluster a=http://10.0.0.1:2380,b=http://10.0.0.2:2380"
                    + " \\",
            "      --initial-advertise-peer-urls http://10.0.0.1:2380 --listen-peer-urls"
                    + " http://10.0.0.1:2380"
        })
public final class EtcdCommand implements Callable<Integer> {
    private static final Log LOG = Log.of(EtcdCommand.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final String CLIENT_URL = "http://localhost:2379";

    /** Where clients of etcd's first versions look. */
    private static final String OLD_CLIENT_URL = "http://localhost:4001";

    private static final String PEER_URL = "http://localhost:2380";

    /** Where members of etcd's first versions are looked for. */
    private static final String OLD_PEER_URL = "http://localhost:7001";

    @Option(
            names = {"--name", "-name"},
            defaultValue = "default",
            paramLabel = "NAME",
            description = "Name of this member (default: ${DEFAULT-VALUE}).")
    private String name = "default";

    @Option(
            names = {"--data-dir", "-data-dir"},
            paramLabel = "DIR",
            description = "Where all data is kept (default: NAME.etcd).")
    private @Nullable Path dataDir;

    @Option(
            names = {"--listen-client-urls", "-listen-client-urls"},
            split = ",",
            paramLabel = "URL",
            description =
                    "Where to serve clients (default: "
                            + CLIENT_URL
                            + " and "
                            + OLD_CLIENT_URL
                            + ").")
    private @Nullable List<String> listenClientUrls;

    @Option(
            names = {"--advertise-client-urls", "-advertise-client-urls"},
            split = ",",
            paramLabel = "URL",
            description = "Where clients are told to find this member.")
    private @Nullable List<String> advertiseClientUrls;

    @Option(
            names = {"--listen-peer-urls", "-listen-peer-urls"},
            split = ",",
            paramLabel = "URL",
            description =
                    "Where to serve other members (default: "
                            + PEER_URL
                            + " and "
                            + OLD_PEER_URL
                            + ").")
    private List<String> listenPeerUrls = List.of(PEER_URL, OLD_PEER_URL);

    @Option(
            names = {"--initial-advertise-peer-urls", "-initial-advertise-peer-urls"},
            split = ",",
            paramLabel = "URL",
            description = "Where other members find this one (default: " + PEER_URL + ").")
    private List<String> initialAdvertisePeerUrls = List.of(PEER_URL);

    @Option(
            names = {"--initial-cluster", "-initial-cluster"},
            paramLabel = "NAME=URL,...",
            description = "All members (default: this one alone).")
    private @Nullable String initialCluster;

    @Option(
            names = {"--initial-cluster-state", "-initial-cluster-state"},
            defaultValue = "new",
            paramLabel = "STATE",
            description = "new or existing (default: ${DEFAULT-VALUE}).")
    private String initialClusterState = "new";

    @Option(
            names = {"--initial-cluster-token", "-initial-cluster-token"},
            defaultValue = "etcd-cluster",
            paramLabel = "TOKEN",
            description = "Keeps clusters apart (default: ${DEFAULT-VALUE}).")
    private String initialClusterToken = "etcd-cluster";

    @Option(
            names = {"--heartbeat-interval", "-heartbeat-interval"},
            defaultValue = "100",
            paramLabel = "MS",
            description = "Milliseconds between a leader's heartbeats (default: ${DEFAULT-VALUE}).")
    private long heartbeatInterval = 100;

    @Option(
            names = {"--election-timeout", "-election-timeout"},
            defaultValue = "1000",
            paramLabel = "MS",
            description = "Milliseconds of silence before an election (default: ${DEFAULT-VALUE}).")
    private long electionTimeout = 1000;

    @Option(
            names = {"--snapshot-count", "-snapshot-count"},
            defaultValue = "100000",
            paramLabel = "N",
            description = "Commands after which the log is given up (default: ${DEFAULT-VALUE}).")
    private long snapshotCount = EtcdConfig.DEFAULT_SNAPSHOT_COUNT;

    @Option(
            names = {"--config-file", "-config-file"},
            paramLabel = "FILE",
            description = "etcd's YAML file; no other flag or variable counts then.")
    private @Nullable Path configFile;

    @Option(
            names = {"--version", "-version"},
            description = "Tell the version of the API and of the JVM.")
    private boolean version;

    @Mixin private TlsFlags tls = new TlsFlags();

    @Mixin private StorageFlags storage = new StorageFlags();
    @Mixin private AuthFlags auth = new AuthFlags();
    @Mixin private ClusterFlags clusterFlags = new ClusterFlags();
    @Mixin private CorruptionFlags corruption = new CorruptionFlags();
    @Mixin private LimitFlags limits = new LimitFlags();
    @Mixin private MonitoringFlags monitoring = new MonitoringFlags();

    @Spec private CommandSpec spec = CommandSpec.create();

    private final List<Projection> projections;

    /** A store and nothing else. */
    public EtcdCommand() {
        this(List.of());
    }

    /**
     * A store that shows keys of v3 to clients of v2 as well.
     *
     * @param projections what is shown
     */
    public EtcdCommand(List<Projection> projections) {
        this.projections = List.copyOf(projections);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (version) {
            tellVersion();
            return CommandLine.ExitCode.OK;
        }
        EtcdConfig config;
        List<OutputStream> outputs;
        EtcdCommand given = this;
        try {
            if (configFile != null) {
                given = fromFile(configFile);
            }
            config = given.config();
            outputs = given.monitoring.logOutputs();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        LogSetup.install(given.monitoring.logLevel(), outputs);
        warnOfUnknownVariables();
        return run(config);
    }

    private void tellVersion() {
        var out = spec.commandLine().getOut();
        out.println("etcd Version: " + EtcdApi.VERSION);
        out.println("Program: skerry");
        out.println("Java Version: " + Runtime.version());
        out.println(
                "OS/Arch: " + System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
        out.flush();
    }

    /** What the file says, and nothing else. */
    private EtcdCommand fromFile(Path file) throws IOException {
        var command = new EtcdCommand();
        var line = new CommandLine(command).setDefaultValueProvider(null);
        try {
            line.parseArgs(
                    ConfigFile.arguments(file, line.getCommandSpec()).toArray(String[]::new));
        } catch (ParameterException e) {
            throw new IllegalArgumentException("--config-file: " + file + ": " + e.getMessage(), e);
        }
        return command;
    }

    private void warnOfUnknownVariables() {
        for (String name : RefusedFlags.unknownVariables(spec, System.getenv().keySet())) {
            LOG.warn("unrecognized environment variable", "variable", name);
        }
    }

    private Integer run(EtcdConfig config) throws IOException, InterruptedException {
        var ended = new CountDownLatch(1);
        var fatal = new AtomicReference<@Nullable String>();
        var server =
                EtcdServer.start(
                        config,
                        projections,
                        reason -> {
                            fatal.set(reason);
                            ended.countDown();
                        });
        var hook = new Thread(() -> stop(server), "etcd-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        ended.await();
        if (RaftLog.REMOVED.equals(fatal.get())) {
            // As etcd does: nothing is wrong, so nothing starts it again.
            System.err.println("etcd: " + RaftLog.REMOVED);
            return CommandLine.ExitCode.OK;
        }
        // Only a failure ends the wait; a signal ends the process through the hook.
        throw new IOException("the member cannot go on: " + fatal.get());
    }

    /**
     * Ends the process also when the consensus library does not let go of its locks, which was seen
     * when all members were stopped at once: what was acknowledged is on the disk.
     */
    private static void stop(EtcdServer server) {
        var closing = Thread.ofPlatform().daemon().name("etcd-close").start(server::close);
        try {
            if (closing.join(STOP_PATIENCE)) {
                return;
            }
            LOG.error("the member does not stop by itself, its process is ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    EtcdConfig config() {
        var _ = monitoring.logLevel();
        boolean joining =
                switch (initialClusterState) {
                    case "new" -> false;
                    case "existing" -> true;
                    default ->
                            throw new IllegalArgumentException(
                                    "--initial-cluster-state: \""
                                            + initialClusterState
                                            + "\" must be new or existing");
                };
        String members = Given.text(initialCluster);
        String cluster =
                members != null
                        ? members
                        : String.join(
                                ",",
                                initialAdvertisePeerUrls.stream()
                                        .map(u -> name + "=" + u)
                                        .toList());
        List<String> listening = Given.listOrNull(listenClientUrls);
        List<String> advertised = Given.listOrNull(advertiseClientUrls);
        List<String> listen = listening == null ? List.of(CLIENT_URL, OLD_CLIENT_URL) : listening;
        List<String> advertise =
                advertised != null
                        ? advertised
                        : listening == null ? List.of(CLIENT_URL) : List.<String>of();
        var _ = Given.urls("--advertise-client-urls", advertise);
        Path given = Given.file(dataDir);
        Path directory = given == null ? Path.of(name + ".etcd") : given;
        return new EtcdConfig(
                name,
                directory,
                Given.urls("--listen-client-urls", listen),
                advertise,
                Given.urls("--listen-peer-urls", listenPeerUrls),
                initialAdvertisePeerUrls,
                InitialCluster.parse(initialClusterToken, cluster),
                joining,
                Duration.ofMillis(heartbeatInterval),
                Duration.ofMillis(electionTimeout),
                tls.client(new OwnCertificates(directory, listen)),
                tls.peer(new OwnCertificates(directory, listenPeerUrls)),
                snapshotCount,
                storage.options(),
                auth.options(tls.clientCertificatesCount()),
                clusterFlags.options(members != null, initialClusterToken),
                new OperationOptions(
                        corruption.checks(),
                        limits.limits(),
                        monitoring.slow(),
                        monitoring.metrics()));
    }

    /** Runs the command by itself; the program's launcher adds it to its own command line. */
    public static void main(String[] args) {
        System.exit(
                new CommandLine(new EtcdCommand())
                        .setExecutionExceptionHandler((failure, line, _) -> {
                            line.getErr().println("etcd: " + failure.getMessage());
                            return CommandLine.ExitCode.SOFTWARE;
                        })
                        .execute(args));
    }

    /** Gives flags their values from {@code ETCD_*} variables. */
    static final class Environment implements IDefaultValueProvider {
        /** For picocli. */
        Environment() {}

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            if (argument instanceof OptionSpec option) {
                for (String name : option.names()) {
                    String value = System.getenv(RefusedFlags.variable(name));
                    if (value != null && !value.isEmpty()) {
                        return value;
                    }
                }
                return option.defaultValue();
            }
            return null;
        }
    }
}
