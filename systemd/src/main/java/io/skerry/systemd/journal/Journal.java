package io.skerry.systemd.journal;

import io.skerry.base.log.Log;
import io.skerry.base.process.Command;
import io.skerry.base.process.CommandException;
import io.skerry.base.process.Finished;
import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The journal of a host, through {@code journalctl}. Nothing of a caller gets into the command line
 * but a validated unit name, a number and one of the known formats. Thread-safe.
 */
public final class Journal {
    /** Asks for every line there is, as the number of lines. */
    public static final int ALL_LINES = -1;

    private static final Log LOG = Log.of(Journal.class);
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(5);

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

    /**
     * The unit's last lines, all that it has written by now among them. The stream ends after them.
     */
    public JournalStream read(UnitName unit, int lines, OutputFormat format)
            throws JournalException {
        List<String> arguments = arguments(unit, lines, format, false);
        sync();
        return open(arguments);
    }

    /**
     * Has journald take up what was written to it already: on a busy host a unit may have ended,
     * and be known to have, before its last words are in the journal.
     */
    private void sync() {
        var words = new ArrayList<>(command);
        words.add("--sync");
        try {
            Finished done = Command.of(words).timeout(SYNC_LIMIT).run();
            if (!done.succeeded()) {
                LOG.debug("journal is read as it is", "cause", done.stderr().strip());
            }
        } catch (CommandException e) {
            LOG.debug("journal is read as it is", "cause", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The unit's last lines, and then every new one until the stream is closed. */
    public JournalStream follow(UnitName unit, int lines, OutputFormat format)
            throws JournalException {
        return open(arguments(unit, lines, format, true));
    }

    /**
     * How the last start of each of these units ended, as systemd has logged it since the host
     * booted. A unit of which nothing is found is not in the answer.
     */
    public Map<UnitName, JobResult> lastStarts(Collection<UnitName> units) throws JournalException {
        var arguments = new ArrayList<>(command);
        arguments.addAll(
                List.of("--boot", "--reverse", "--output=export", "--no-pager", "--quiet"));
        arguments.addAll(List.of("--output-fields=UNIT,JOB_RESULT", "_PID=1", "JOB_TYPE=start"));
        units.forEach(unit -> arguments.add("UNIT=" + unit.value()));
        var found = new HashMap<UnitName, JobResult>();
        try (var stream = open(arguments)) {
            var entry = new HashMap<String, String>();
            while (found.size() < units.size()) {
                String line = stream.next();
                if (line != null && !line.isEmpty()) {
                    String[] field = line.split("=", 2);
                    entry.put(field[0], field.length == 2 ? field[1] : "");
                    continue;
                }
                String result = entry.get("JOB_RESULT");
                if (result != null) {
                    UnitName.parse(entry.getOrDefault("UNIT", ""))
                            .filter(units::contains)
                            .ifPresent(unit -> found.putIfAbsent(unit, JobResult.of(result)));
                }
                entry.clear();
                if (line == null) {
                    break;
                }
            }
        }
        return found;
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
