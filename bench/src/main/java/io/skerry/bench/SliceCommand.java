package io.skerry.bench;

import io.skerry.bench.slice.SliceBenchmark;
import io.skerry.bench.slice.SlicePlan;
import io.skerry.bench.slice.SliceReport;
import io.skerry.bench.store.BenchException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a playground, measures it and removes it. */
@Command(
        name = "slice",
        description = "Measure a playground: up, memory, start of a unit, failover, steadiness.",
        footer = {
            "",
            "Makes a playground of its own and removes it. Needs root and takes about six minutes;",
            "leave the machine alone meanwhile.",
            "",
            "Examples:",
            "  skerry bench slice",
            "  skerry bench slice --units 10 --rounds 1 --freeze 15 -o json"
        })
final class SliceCommand implements Callable<Integer> {
    /** What is printed. */
    enum Output {
        table,
        json
    }

    @ParentCommand @Nullable private BenchCommand parent;

    @Option(
            names = "--units",
            defaultValue = "50",
            paramLabel = "N",
            description = "Units on each host when a host dies (default: ${DEFAULT-VALUE}).")
    private int units;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description =
                    "How often up is measured; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--idle",
            defaultValue = "60",
            paramLabel = "S",
            description = "Time of rest before memory is read (default: ${DEFAULT-VALUE}).")
    private int idleSeconds;

    @Option(
            names = "--freeze",
            defaultValue = "45",
            paramLabel = "S",
            description = "How long the store is frozen (default: ${DEFAULT-VALUE}).")
    private int freezeSeconds;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "table or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws BenchException, IOException, InterruptedException {
        SlicePlan plan = plan();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (var cleanUp = new CleanUp()) {
            var benchmark =
                    new SliceBenchmark(
                            plan,
                            launcher(),
                            cleanUp.folder("skerry-bench-slice"),
                            line -> print(err, line));
            cleanUp.add(benchmark::close);
            SliceReport report = benchmark.run();
            out.print(output == Output.json ? report.json() : report.table());
            out.flush();
        }
        return 0;
    }

    private SlicePlan plan() {
        try {
            return new SlicePlan(
                    "bench-" + ProcessHandle.current().pid(),
                    units,
                    rounds,
                    Duration.ofSeconds(idleSeconds),
                    Duration.ofSeconds(freezeSeconds));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Path launcher() {
        if (parent == null) {
            throw new IllegalStateException("the command runs below bench only");
        }
        return parent.launcher();
    }

    private static void print(PrintWriter err, String line) {
        err.println(line);
        err.flush();
    }
}
