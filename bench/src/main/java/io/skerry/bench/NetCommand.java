package io.skerry.bench;

import io.skerry.base.process.Command;
import io.skerry.bench.net.NetBenchmark;
import io.skerry.bench.net.NetPlan;
import io.skerry.bench.net.NetReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Hosts of the overlay network in namespaces of this machine, ours and the original's in turns. */
@picocli.CommandLine.Command(
        name = "net",
        description = "Measure the overlay network beside the original flanneld.",
        footer = {
            "",
            "Makes network namespaces and removes them; needs root, etcd and iperf3. Processor",
            "time is that of iperf3 at both ends and of both daemons. Takes some minutes.",
            "",
            "Examples:",
            "  skerry bench net --flanneld /usr/local/bin/flanneld --json result.json",
            "  skerry bench net --backends vxlan --rounds 1 --peers 0"
        })
final class NetCommand implements Callable<Integer> {
    @ParentCommand @Nullable private BenchCommand parent;

    @Option(
            names = "--flanneld",
            paramLabel = "FILE",
            description = "The original; without it, only ours is measured.")
    @Nullable
    private Path flanneld;

    @Option(
            names = "--backends",
            split = ",",
            defaultValue = "vxlan,host-gw,udp",
            paramLabel = "NAME",
            description = "Which to measure (default: ${DEFAULT-VALUE}).")
    private List<String> backends = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description =
                    "Turns of each program, of which the median counts (default:"
                            + " ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            paramLabel = "S",
            description = "Time of one throughput run (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--peers",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Hosts of the large network; 0: none is measured (default: 2000).")
    private int peers;

    @Option(
            names = "--etcd",
            defaultValue = "/usr/bin/etcd",
            paramLabel = "FILE",
            description = "The store (default: ${DEFAULT-VALUE}).")
    private Path etcd = Path.of("");

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "table|json",
            description = "What to print (default: ${DEFAULT-VALUE}).")
    private String output = "table";

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there, too.")
    @Nullable
    private Path jsonFile;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        NetPlan plan = plan();
        check();
        try (var cleanUp = new CleanUp()) {
            Path folder = cleanUp.folder("skerry-bench-net");
            var benchmark =
                    new NetBenchmark(
                            plan,
                            launcher(),
                            Optional.ofNullable(flanneld),
                            certificates(folder),
                            folder,
                            this::progress);
            cleanUp.add(benchmark::close);
            NetReport report = benchmark.run(etcd);
            if (jsonFile != null) {
                Files.writeString(jsonFile, report.json());
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(output.equals("json") ? report.json() : report.table());
            out.flush();
        }
        return 0;
    }

    private NetPlan plan() {
        try {
            return new NetPlan(backends, rounds, Duration.ofSeconds(seconds), peers);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private void check() {
        if (!List.of("table", "json").contains(output)) {
            throw usage("--output " + output + " is neither table nor json");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            throw usage("network namespaces are root's to make; run this as root");
        }
        if (!Files.isExecutable(etcd)) {
            throw usage(
                    "there is no etcd at "
                            + etcd
                            + "; install the package etcd-server or give --etcd FILE");
        }
        if (!Files.isExecutable(NetBenchmark.IPERF)) {
            throw usage("there is no " + NetBenchmark.IPERF + "; install the package iperf3");
        }
        if (flanneld != null && !Files.isExecutable(flanneld)) {
            throw usage("--flanneld " + flanneld + " is no program");
        }
    }

    private Path launcher() {
        if (parent == null) {
            throw new IllegalStateException("the command runs below bench only");
        }
        return parent.launcher();
    }

    /** Only the original asks for them. */
    private Path certificates(Path folder) throws IOException, InterruptedException {
        Path certificates = folder.resolve("pki");
        if (flanneld != null) {
            Command.of(
                            launcher().toString(),
                            "pki",
                            "create",
                            "--dir",
                            certificates.toString(),
                            "--hosts",
                            "127.0.0.1")
                    .check();
        }
        return certificates;
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
