package io.skerry.fleet.api;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import io.skerry.systemd.journal.Journal;
import io.skerry.systemd.journal.JournalException;
import io.skerry.systemd.journal.JournalStream;
import io.skerry.systemd.journal.OutputFormat;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The host's own systemd and journal, through systemctl and journalctl.
 *
 * @param membership tells why the host is barred from the cluster
 */
public record SystemdHost(String machineId, Supplier<Optional<String>> membership)
        implements LocalHost {
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(10);

    @Override
    public Optional<String> barred() {
        return membership.get();
    }

    @Override
    public JournalStream journal(UnitName unit, int lines, OutputFormat format, boolean follow)
            throws JournalException {
        var journal = new Journal();
        return follow ? journal.follow(unit, lines, format) : journal.read(unit, lines, format);
    }

    @Override
    public Status status(UnitName unit) throws IOException, InterruptedException {
        Finished status =
                Command.of("systemctl", "status", "--full", "--no-pager", "--", unit.value())
                        .timeout(STATUS_TIMEOUT)
                        .run();
        String text = status.stdout().isEmpty() ? status.stderr() : status.stdout();
        return new Status(text, status.exitCode());
    }
}
