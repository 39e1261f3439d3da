package io.skerry.fleet.api;

import io.skerry.systemd.journal.JournalException;
import io.skerry.systemd.journal.JournalStream;
import io.skerry.systemd.journal.OutputFormat;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.util.Optional;

/** The host on which this API runs, as far as the API shows it. */
public interface LocalHost {
    /** Its machine id. */
    String machineId();

    /**
     * Why it may not speak for the cluster, e.g. that another host has its machine id; empty when
     * it may. Every request is refused meanwhile.
     */
    Optional<String> barred();

    /** The last lines of a unit's log and, when following, those to come. */
    JournalStream journal(UnitName unit, int lines, OutputFormat format, boolean follow)
            throws JournalException;

    /** What {@code systemctl status} says of a unit. */
    Status status(UnitName unit) throws IOException, InterruptedException;

    /**
     * The words of systemctl.
     *
     * @param exitStatus of it, which tells the unit's state: 0 for one that is active or on its way
     *     there, 3 for one at rest or failed, 4 for one that systemd does not know
     */
    record Status(String text, int exitStatus) {}
}
