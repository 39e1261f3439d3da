package io.skerry.bench;

import io.skerry.bench.store.BenchException;
import io.skerry.bench.store.Sizes;
import io.skerry.bench.store.StoreBenchmark;
import io.skerry.bench.store.StorePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Starts both stores, drives them in turns and prints what was measured. */
@Command(
        name = "store",
        description = "Measure the store beside Debian's etcd.",
        footer = {
            "",
            "Starts members of both on loopback with data in a temporary folder, and removes them.",
            "With the defaults it takes about twenty minutes; leave the machine alone meanwhile.",
            "",
            "Workloads:",
            "  put, range, serializable-range  one key a call, in a closed loop",
            "  list            10,000 keys a call",
            "  paced-put       puts at --rate, whether or not earlier ones were answered",
            "  watch-keys      10,000 watchers on 100 keys, puts at --rate: time until told",
            "  watch-prefix    1,000 watchers on all keys: events a second",
            "  many-keys       --keys keys of 256 bytes: memory, pages with a count, restart,",
            "                  overwriting, compaction (about half an hour at a million)",
            "  limited-memory  ten times --keys in a gigabyte of memory, Skerry alone (ten"
                    + " minutes)",
            "",
            "Examples:",
            "  skerry bench store --members 1 --in-flight 1000 --workload put --json result.json",
            "  skerry bench store --members 1 --workload many-keys --overwrites 2 -o json",
            "  skerry bench store --quick --workload all"
        })
final class StoreCommand implements Callable<Integer> {
    @ParentCommand @Nullable private BenchCommand parent;

    @Option(
            names = "--members",
            split = ",",
            defaultValue = "1,3",
            paramLabel = "N",
            description = "Numbers of members (default: ${DEFAULT-VALUE}).")
    private List<Integer> members = List.of();

    @Option(
            names = {"--workload", "--workloads"},
            split = ",",
            defaultValue = "put,range,serializable-range,list,paced-put,watch-keys,watch-prefix",
            paramLabel = "NAME",
            description = "What to measure, or all (default: ${DEFAULT-VALUE}).")
    private List<String> workloads = List.of();

    @Option(
            names = "--in-flight",
            split = ",",
            defaultValue = "1,100,1000",
            paramLabel = "N",
            description = "Calls under way at once (default: ${DEFAULT-VALUE}).")
    private List<Integer> inFlight = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description =
                    "Turns of each store, of which the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "4",
            paramLabel = "S",
            description = "Time of one turn (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            paramLabel = "S",
            description = {
                "Time that each store is driven with each workload before anything is measured,",
                "as one that has served for a while is meant (default: ${DEFAULT-VALUE})."
            })
    private int warmUpSeconds;

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Keys of many-keys (default: 1000000).")
    @Nullable
    private Long keys;

    @Option(
            names = "--overwrites",
            paramLabel = "N",
            description = "How often many-keys overwrites each key (default: 10).")
    @Nullable
    private Integer overwrites;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Puts a second of paced-put and watch-keys (default: 1000).")
    @Nullable
    private Integer rate;

    @Option(
            names = "--quick",
            description = {
                "Only sees that everything runs: one round of a second, few keys and watchers.",
                "Its figures mean nothing."
            })
    private boolean quick;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Ends a turn after so many calls, if that is sooner.")
    private long requests = Long.MAX_VALUE;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "table|json",
            description = "What to print (default: ${DEFAULT-VALUE}).")
    private String output = "table";

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there, too.")
    @Nullable
    private Path jsonFile;

    @Option(
            names = "--etcd",
            defaultValue = "/usr/bin/etcd",
            paramLabel = "FILE",
            description = "The original (default: ${DEFAULT-VALUE}).")
    private Path etcd = Path.of("");

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Where the members' data goes for the time (default: the system's temporary"
                            + " folder).")
    private Path dataFolder = Path.of(System.getProperty("java.io.tmpdir"));

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws BenchException, IOException, InterruptedException {
        if (!List.of("table", "json").contains(output)) {
            throw usage("--output " + output + " is neither table nor json");
        }
        if (!Files.isExecutable(etcd)) {
            throw usage(
                    "there is no etcd at "
                            + etcd
                            + "; install the package etcd-server or give --etcd FILE");
        }
        if (!Files.isDirectory(dataFolder)) {
            throw usage("--data-dir " + dataFolder + " is no folder");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        StorePlan plan = plan();
        try (var cleanUp = new CleanUp()) {
            var benchmark =
                    new StoreBenchmark(
                            plan, etcd, launcher(), dataFolder, line -> print(err, line));
            cleanUp.add(benchmark::close);
            StoreBenchmark.Figures figures = benchmark.run();
            if (jsonFile != null) {
                Files.writeString(jsonFile, figures.json());
            }
            out.print(output.equals("json") ? figures.json() : figures.table());
            out.flush();
        }
        return 0;
    }

    private Path launcher() {
        if (parent == null) {
            throw new IllegalStateException("the command runs below bench only");
        }
        return parent.launcher();
    }

    private StorePlan plan() {
        try {
            return StorePlan.of(
                    members,
                    workloads.contains("all") ? StorePlan.names() : workloads,
                    inFlight,
                    quick ? 1 : rounds,
                    Duration.ofSeconds(quick ? 1 : seconds),
                    Duration.ofSeconds(quick ? 1 : warmUpSeconds),
                    requests,
                    sizes());
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private Sizes sizes() {
        Sizes sizes = quick ? Sizes.quick() : Sizes.full();
        sizes = keys == null ? sizes : sizes.withKeys(keys);
        sizes = overwrites == null ? sizes : sizes.withOverwrites(overwrites);
        return rate == null ? sizes : sizes.withRate(rate);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static void print(PrintWriter err, String line) {
        err.println(line);
        err.flush();
    }
}
