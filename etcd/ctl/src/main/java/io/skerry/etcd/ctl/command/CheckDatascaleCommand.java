package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.check.Observations;
import io.skerry.etcd.ctl.check.ProgressLine;
import io.skerry.etcd.ctl.check.Writers;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/** Writes many keys and tells by how much the memory of the first endpoint's member grew. */
public final class CheckDatascaleCommand implements Command {
    private static final Duration MOST_TIME = Duration.ofDays(1);
    private static final int HALF_BYTES = 512;
    private static final double MEGABYTE = 1 << 20;
    private static final String MEMORY = "process_resident_memory_bytes";

    /** Keys in all and clients. */
    private record Load(int keys, int clients) {}

    private static final Map<String, Load> LOADS =
            Map.of(
                    "s", new Load(10_000, 50),
                    "m", new Load(100_000, 200),
                    "l", new Load(1_000_000, 500),
                    "xl", new Load(3_000_000, 1_000));

    @Override
    public String usage() {
        return "[FLAGS]";
    }

    @Override
    public List<Flag> flags() {
        return CheckFlags.of("/etcdctl-check-datascale/");
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        Load load = CheckFlags.load(invocation, LOADS);
        try (var remote = invocation.connect()) {
            String prefix = CheckFlags.unusedPrefix(invocation, remote);
            double before = memory(invocation, "before");
            invocation.line(
                    ("Start data scale check for work load [%d key-value pairs, %d bytes per"
                                    + " key-value, %d concurrent clients].")
                            .formatted(load.keys(), 2 * HALF_BYTES, load.clients()));
            var writers =
                    new Writers(
                            prefix,
                            load.clients(),
                            load.keys(),
                            0,
                            MOST_TIME,
                            HALF_BYTES,
                            HALF_BYTES);
            Observations seen;
            var done = new AtomicLong();
            try (var _ = new ProgressLine(invocation.console().out(), done::get, load.keys())) {
                seen = writers.run(remote, done);
            }
            double after = memory(invocation, "after");
            CheckFlags.cleanUp(invocation, remote, prefix);
            if (!CheckFlags.withoutErrors(invocation, seen)) {
                throw CtlFailure.told(ExitStatus.ERROR);
            }
            invocation.line(
                    String.format(
                            Locale.ROOT,
                            "PASS: Approximate system memory used : %.2f MB.",
                            (after - before) / MEGABYTE));
        }
    }

    private static double memory(Invocation invocation, String when) throws CtlFailure {
        var settings = invocation.settings();
        OptionalDouble bytes = OptionalDouble.empty();
        try {
            bytes = Metrics.read(settings, settings.endpoints().getFirst(), MEMORY);
        } catch (IOException e) {
            invocation.console().err().line("fetch error: " + e.getMessage());
        }
        if (bytes.isEmpty()) {
            invocation.line(
                    "FAIL: Could not read %s %s the put operations.".formatted(MEMORY, when));
            throw CtlFailure.told(ExitStatus.ERROR);
        }
        return bytes.getAsDouble();
    }
}
