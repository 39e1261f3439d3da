package io.skerry.fleet.api;

import io.skerry.systemd.journal.JournalException;
import io.skerry.systemd.journal.JournalStream;
import io.skerry.systemd.journal.OutputFormat;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;

/** The host on which this API runs, as far as the API shows it. */
public interface LocalHost {
    /** Its machine id. */
    String machineId();

    /** The last lines of a unit's log and, when following, those to come. */
    JournalStream journal(UnitName unit, int lines, OutputFormat format, boolean follow)
            throws JournalException;

    /** What {@code systemctl status} says of a unit. */
    String status(UnitName unit) throws IOException, InterruptedException;
}
