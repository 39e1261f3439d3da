package io.skerry.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.skerry.chaos.cluster.Members;
import io.skerry.chaos.fault.FaultKind;
import io.skerry.chaos.run.RunPlan;
import io.skerry.chaos.run.RunReport;
import io.skerry.chaos.run.StoreRun;
import io.skerry.chaos.workload.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs members, clients and faults, and prints the verdict. */
@Command(
        name = "store",
        description = "Break members of a store while clients use it, then check every promise.",
        sortOptions = false,
        footer = {
            "",
            "Faults: kill, pause, torn, clock, member, partition, loss, full, slow. The last four",
            "need root: each member then has a network and a disk of its own; the machine's are",
            "not touched. clock needs libfaketime, slow the controller blkio of cgroup v1.",
            "Workloads: register, set, txn, watch, lease, lock.",
            "Exit status 1 when a promise was broken; data and logs then stay where it says.",
            "",
            "Example:",
            "  skerry chaos store --members 5 --seconds 600 --faults kill,partition"
        })
final class StoreCommand implements Callable<Integer> {
    private static final int BROKEN = 1;

    @ParentCommand @Nullable private ChaosCommand parent;

    @Option(
            names = "--members",
            defaultValue = "3",
            paramLabel = "1|3|5",
            description = "Number of members (default: ${DEFAULT-VALUE}).")
    private int members;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "N",
            description = "Time of use and faults (default: ${DEFAULT-VALUE}).")
    private long seconds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Repeats the clients' choices and the faults of an earlier run.")
    private @Nullable Long seed;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "F",
            description = "Kinds of faults, or none (default: all that are possible here).")
    private @Nullable List<String> faults;

    @Option(
            names = "--workload",
            split = ",",
            paramLabel = "W",
            description = "What clients do (default: everything).")
    private @Nullable List<String> workloads;

    @Option(names = "--tls", description = "Members talk TLS and show each other certificates.")
    private boolean tls;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "text|json",
            description = "What to print (default: ${DEFAULT-VALUE}).")
    private String output = "text";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where data and logs go (default: the system's temporary folder).")
    private Path dataFolder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--keep", description = "Keeps data and logs also when all is well.")
    private boolean keep;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!List.of("text", "json").contains(output)) {
            throw usage("--output " + output + " is neither text nor json");
        }
        if (!Files.isDirectory(dataFolder)) {
            throw usage("--data-dir " + dataFolder + " is no folder");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        RunPlan plan = plan();
        var run = new StoreRun(plan, line -> print(err, line));
        var hook = new Thread(() -> closeQuietly(run), "chaos-clean-up");
        Runtime.getRuntime().addShutdownHook(hook);
        RunReport report;
        try {
            report = run.run();
        } finally {
            run.close();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        if (report.passed() && !keep) {
            run.removeFolder();
        }
        out.print(output.equals("json") ? json(report) : report.text());
        out.flush();
        return report.passed() ? 0 : BROKEN;
    }

    private RunPlan plan() {
        if (parent == null) {
            throw new IllegalStateException("the command runs below chaos only");
        }
        boolean separated = Members.canBeSeparated();
        try {
            return new RunPlan(
                    List.of(parent.launcher().toString(), "etcd"),
                    dataFolder,
                    members,
                    Duration.ofSeconds(seconds),
                    seed == null ? ThreadLocalRandom.current().nextLong(1L << 48) : seed,
                    faultKinds(separated),
                    chosenWorkloads(),
                    separated,
                    tls);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private Set<FaultKind> faultKinds(boolean separated) {
        var kinds = new LinkedHashSet<FaultKind>();
        if (faults == null) {
            kinds.addAll(FaultKind.possible(members, separated));
        } else if (!faults.equals(List.of("none"))) {
            faults.forEach(name -> kinds.add(FaultKind.of(name)));
        }
        return kinds;
    }

    private Set<Workload> chosenWorkloads() {
        var chosen = new LinkedHashSet<Workload>();
        if (workloads == null) {
            chosen.addAll(List.of(Workload.values()));
        } else {
            workloads.forEach(name -> chosen.add(Workload.of(name)));
        }
        return chosen;
    }

    private static String json(RunReport report) throws IOException {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("passed", report.passed());
        fields.put("seed", report.seed());
        fields.put("members", report.members());
        fields.put("seconds", report.seconds());
        fields.put("calls", report.calls());
        fields.put("unanswered", report.unanswered());
        fields.put("watchResponses", report.watchResponses());
        fields.put("leases", report.leases());
        fields.put("events", report.events());
        fields.put("failures", report.failures());
        fields.put("faults", report.faults());
        fields.put("violations", report.violations());
        fields.put("folder", report.folder().toString());
        return new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(fields)
                + System.lineSeparator();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static void print(PrintWriter err, String line) {
        err.println(line);
        err.flush();
    }

    private static void closeQuietly(StoreRun run) {
        try {
            run.close();
        } catch (IOException e) {
            System.err.println("skerry: not all of the run was ended: " + e.getMessage());
        }
    }
}
