package io.skerry.bench;

import io.skerry.bench.fleet.FleetBenchmark;
import io.skerry.bench.fleet.FleetPlan;
import io.skerry.bench.store.BenchException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Many simulated agents and units against one engine and a store of one member. */
@Command(
        name = "fleet",
        description = "Measure fleet's engine with many simulated hosts over a real store.",
        footer = {
            "",
            "Starts a store of one member on loopback and removes it. The agents are the real"
                    + " ones'",
            "cores with watches and leases of their own; their systemd is played. Takes minutes.",
            "",
            "Examples:",
            "  skerry bench fleet",
            "  skerry bench fleet --hosts 100 --units 2000 --samples 50"
        })
final class FleetCommand implements Callable<Integer> {
    @ParentCommand @Nullable private BenchCommand parent;

    @Option(
            names = "--hosts",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Simulated agents (default: ${DEFAULT-VALUE}).")
    private int hosts;

    @Option(
            names = "--units",
            defaultValue = "20000",
            paramLabel = "N",
            description = "Units on them (default: ${DEFAULT-VALUE}).")
    private int units;

    @Option(
            names = "--samples",
            defaultValue = "300",
            paramLabel = "N",
            description = "Single events whose decisions are timed (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--idle",
            defaultValue = "20",
            paramLabel = "S",
            description = "For how long requests are counted at rest (default: ${DEFAULT-VALUE}).")
    private int idleSeconds;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call()
            throws BenchException, IOException, InterruptedException, TimeoutException {
        if (parent == null) {
            throw new IllegalStateException("the command runs below bench only");
        }
        FleetPlan plan = plan();
        PrintWriter err = spec.commandLine().getErr();
        try (var cleanUp = new CleanUp()) {
            var benchmark =
                    new FleetBenchmark(
                            plan,
                            parent.launcher(),
                            cleanUp.folder("skerry-bench-fleet"),
                            line -> {
                                err.println(line);
                                err.flush();
                            });
            cleanUp.add(benchmark::close);
            spec.commandLine().getOut().print(benchmark.run().table());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private FleetPlan plan() {
        try {
            return new FleetPlan(hosts, units, samples, Duration.ofSeconds(idleSeconds));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
