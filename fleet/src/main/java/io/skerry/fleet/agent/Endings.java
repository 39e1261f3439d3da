package io.skerry.fleet.agent;

import io.skerry.fleet.model.StartNews;
import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the starts of units have come out and which of them have run to an end, since the agent last
 * did something to them. A unit at rest does not show it. Not thread-safe.
 */
final class Endings {
    private static final Set<String> TRUE = Set.of("true", "yes", "1", "on", "y", "t");

    /**
     * Units that have come to rest by themselves, or whose start was carried out, each with the
     * hash of the file it ran from.
     */
    private final Map<UnitName, String> ended = new HashMap<>();

    private final Map<UnitName, Started> starts = new HashMap<>();

    private record Started(String hash, StartNews how) {}

    /** The agent does something to the unit: how it ended before tells nothing of what comes. */
    void begin(UnitName unit) {
        ended.remove(unit);
        starts.remove(unit);
    }

    /**
     * A start of the unit is over.
     *
     * @param result null: nobody can tell any more how
     */
    void startEnded(UnitName unit, String hash, @Nullable JobResult result) {
        starts.put(unit, new Started(hash, news(result)));
        if (result != null && result.succeeded()) {
            ended.put(unit, hash);
        }
    }

    /** As {@link #startEnded}, before there was this agent. */
    void adopt(UnitName unit, Observed seen, JobResult start) {
        String hash = seen.hash();
        if (hash != null && seen.started()) {
            starts.put(unit, new Started(hash, news(start)));
            if (seen.rests(hash) && start.succeeded()) {
                ended.put(unit, hash);
            }
        }
    }

    /**
     * What is there of the unit has changed.
     *
     * @param ours the agent is doing something to it
     */
    void note(UnitName unit, Observed before, Observed after, boolean ours) {
        String hash = after.hash();
        if (hash == null || after.failed(hash)) {
            ended.remove(unit); // Also when it is reset later: that is no good end.
        } else if (before.running() && after.rests(hash) && !ours) {
            ended.put(unit, hash);
        }
    }

    /** True when the unit was up with that file, or could have been, and has come to rest. */
    boolean hasEnded(UnitName unit, String hash) {
        return hash.equals(ended.get(unit));
    }

    /** How the start of a unit that is at rest has come out; pending: that is not known yet. */
    StartNews start(UnitName unit, Observed seen) {
        if (!seen.ours()) {
            return StartNews.NONE;
        }
        Started last = starts.get(unit);
        return last != null && last.hash().equals(seen.hash()) ? last.how() : StartNews.PENDING;
    }

    /** A unit whose only work is to run to its end; one that remains active has none. */
    static boolean isOneshot(@Nullable UnitFile file) {
        return file != null
                && file.lastValue("Service", "Type").orElse("").equals("oneshot")
                && !TRUE.contains(
                        file.lastValue("Service", "RemainAfterExit")
                                .orElse("")
                                .toLowerCase(Locale.ROOT));
    }

    private static StartNews news(@Nullable JobResult result) {
        if (result == null) {
            return StartNews.UNTOLD;
        }
        return result.succeeded()
                ? StartNews.DONE
                : new StartNews(result.name().toLowerCase(Locale.ROOT));
    }
}
