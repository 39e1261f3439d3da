package io.skerry.node;

import io.skerry.base.log.Log;
import io.skerry.base.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The systemd unit that this process runs as, if it does. */
final class OwnUnit {
    private static final Log LOG = Log.of(OwnUnit.class);
    private static final Path CGROUPS = Path.of("/proc/self/cgroup");
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private OwnUnit() {}

    /**
     * Whether nobody will start this process again soon: systemd has a stop job for its unit (also
     * when the host shuts down; a restart is another kind of job), or it is no unit at all.
     */
    static boolean isStoppedForGood() throws InterruptedException {
        try {
            var unit = named(Files.readAllLines(CGROUPS));
            if (unit.isEmpty()) {
                return true;
            }
            // systemctl asks systemd itself, not the bus, which may be stopping too.
            var jobs = Command.of("systemctl", "list-jobs", "--no-legend").timeout(LIMIT).check();
            return hasStopJob(jobs.stdout(), unit.get());
        } catch (IOException e) {
            LOG.warn("cannot ask systemd why this node stops; units stay", e);
            return false;
        }
    }

    /** The service at the end of a control group's path. */
    static Optional<String> named(List<String> cgroups) {
        return cgroups.stream()
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .filter(name -> name.endsWith(".service"))
                .findFirst();
    }

    /** Lines are: job number, unit, kind of job, state. */
    static boolean hasStopJob(String jobs, String unit) {
        return jobs.lines()
                .map(line -> Arrays.asList(line.strip().split("\\s+", -1)))
                .anyMatch(job ->
                        job.size() > 2 && job.get(1).equals(unit) && job.get(2).equals("stop"));
    }
}
