package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.check.Observations;
import io.skerry.etcd.ctl.check.ProgressLine;
import io.skerry.etcd.ctl.check.Writers;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Writes for a minute at a fixed rate and judges whether the store keeps up. */
public final class CheckPerfCommand implements Command {
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final int KEY_BYTES = 256;
    private static final int VALUE_BYTES = 1024;
    private static final double LEAST_SHARE = 0.9;
    private static final double MOST_SECONDS = 0.5;
    private static final double MOST_DEVIATION_SECONDS = 0.1;

    /** Writes per second and clients. */
    private record Load(int perSecond, int clients) {}

    private static final Map<String, Load> LOADS =
            Map.of(
                    "s", new Load(150, 50),
                    "m", new Load(1_000, 200),
                    "l", new Load(8_000, 500),
                    "xl", new Load(15_000, 1_000));

    private final Duration time;

    public CheckPerfCommand() {
        this(TIME);
    }

    CheckPerfCommand(Duration time) {
        this.time = time;
    }

    @Override
    public String usage() {
        return "[FLAGS]";
    }

    @Override
    public List<Flag> flags() {
        return CheckFlags.of("/etcdctl-check-perf/");
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        Load load = CheckFlags.load(invocation, LOADS);
        try (var remote = invocation.connect()) {
            String prefix = CheckFlags.unusedPrefix(invocation, remote);
            var writers =
                    new Writers(
                            prefix,
                            load.clients(),
                            Long.MAX_VALUE,
                            load.perSecond(),
                            time,
                            KEY_BYTES,
                            VALUE_BYTES);
            Observations seen;
            long start = System.nanoTime();
            try (var _ =
                    new ProgressLine(
                            invocation.console().out(),
                            () -> Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                            time.toSeconds())) {
                seen = writers.run(remote, new AtomicLong());
            }
            CheckFlags.cleanUp(invocation, remote, prefix);
            if (!judge(invocation, seen, load.perSecond())) {
                throw CtlFailure.told(ExitStatus.ERROR);
            }
        }
    }

    private static boolean judge(Invocation invocation, Observations seen, int wanted) {
        boolean well = CheckFlags.withoutErrors(invocation, seen);
        double rate = seen.writesPerSecond();
        well &=
                verdict(
                        invocation,
                        rate / wanted > LEAST_SHARE,
                        "PASS: Throughput is %d writes/s",
                        "FAIL: Throughput too low: %d writes/s",
                        (long) rate + 1);
        well &=
                verdict(
                        invocation,
                        seen.slowestSeconds() <= MOST_SECONDS,
                        "PASS: Slowest request took %fs",
                        "Slowest request took too long: %fs",
                        seen.slowestSeconds());
        well &=
                verdict(
                        invocation,
                        seen.deviationSeconds() <= MOST_DEVIATION_SECONDS,
                        "PASS: Stddev is %fs",
                        "Stddev too high: %fs",
                        seen.deviationSeconds());
        invocation.line(well ? "PASS" : "FAIL");
        return well;
    }

    private static boolean verdict(
            Invocation invocation, boolean well, String pass, String fail, Object figure) {
        invocation.line(String.format(Locale.ROOT, well ? pass : fail, figure));
        return well;
    }
}
