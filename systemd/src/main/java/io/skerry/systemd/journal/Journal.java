package io.skerry.systemd.journal;

import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The journal of a host, through {@code journalctl}. Nothing of a caller gets into the command line
 * but a validated unit name, a number and one of the known formats. Thread-safe.
 */
public final class Journal {
    /** Asks for every line there is, as the number of lines. */
    public static final int ALL_LINES = -1;

    private final List<String> command;

    /** The journal of the own host. */
    public Journal() {
        this(List.of("journalctl"));
    }

    /**
     * The journal that a given command shows, for instance one that enters another host's
     * namespaces first.
     */
    public Journal(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** The unit's last lines. The stream ends after them. */
    public JournalStream read(UnitName unit, int lines, OutputFormat format)
            throws JournalException {
        return open(arguments(unit, lines, format, false));
    }

    /** The unit's last lines, and then every new one until the stream is closed. */
    public JournalStream follow(UnitName unit, int lines, OutputFormat format)
            throws JournalException {
        return open(arguments(unit, lines, format, true));
    }

    private List<String> arguments(UnitName unit, int lines, OutputFormat format, boolean follow) {
        if (lines < ALL_LINES) {
            throw new IllegalArgumentException(
                    "number of lines " + lines + "; it may not be negative");
        }
        var arguments = new ArrayList<>(command);
        arguments.add("--unit=" + unit.value());
        arguments.add("--lines=" + (lines == ALL_LINES ? "all" : lines));
        arguments.add("--output=" + format.option());
        arguments.add("--no-pager");
        if (follow) {
            arguments.add("--follow");
        }
        return arguments;
    }

    private static JournalStream open(List<String> arguments) throws JournalException {
        try {
            Process process = new ProcessBuilder(arguments).start();
            process.getOutputStream().close();
            return new JournalctlStream(process);
        } catch (IOException e) {
            throw new JournalException(
                    "cannot run "
                            + arguments.getFirst()
                            + " ("
                            + e.getMessage()
                            + "); the journal needs systemd on this host",
                    e);
        }
    }
}
