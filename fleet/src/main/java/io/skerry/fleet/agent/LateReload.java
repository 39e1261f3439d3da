package io.skerry.fleet.agent;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When systemd is to notice that files of unloaded units are gone. A reload has systemd read every
 * unit of the host again, and holds up what else it is asked, so the first unit that goes waits a
 * moment for others that go, too. Nothing depends on it: what still runs does not need the file,
 * and a file that comes back is seen by its directory's time. Not thread-safe.
 */
final class LateReload {
    static final Duration MOMENT = Duration.ofSeconds(2);

    private @Nullable Duration due;

    /** A unit was unloaded. */
    void ask(Duration now) {
        if (due == null) {
            due = now.plus(MOMENT);
        }
    }

    /** True, once, when the time has come. */
    boolean take(Duration now) {
        if (due == null || now.compareTo(due) < 0) {
            return false;
        }
        due = null;
        return true;
    }

    /** How long until then, if a reload was asked for. */
    Optional<Duration> in(Duration now) {
        return Optional.ofNullable(due).map(at -> at.minus(now));
    }
}
