package io.skerry.fleet.agent;

import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What has failed and is to be tried again, after pauses that grow. Only that waits: a unit that
 * cannot be started can be mended or given up at once. Not thread-safe.
 */
final class Retries {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Map<UnitName, Retry> retries = new HashMap<>();

    private record Retry(UnitAction what, Duration at, Duration pause) {}

    /**
     * The unit's actions could not be carried out.
     *
     * @param what the last of them, as one that cannot be started may have been loaded well
     */
    void failed(UnitAction what, Duration now) {
        Retry before = retries.get(what.unit());
        Duration pause = before == null ? FIRST : before.pause().multipliedBy(2);
        if (pause.compareTo(LONGEST) > 0) {
            pause = LONGEST;
        }
        retries.put(what.unit(), new Retry(what, now.plus(pause), pause));
    }

    /** True when that has failed and its time has not come yet. */
    boolean holds(UnitAction what, Duration now) {
        Retry retry = retries.get(what.unit());
        return retry != null && retry.what().equals(what) && now.compareTo(retry.at()) < 0;
    }

    /** The unit is as it should be. */
    void forget(UnitName unit) {
        retries.remove(unit);
    }

    /** Forgets all units but these, of which there is still something to do. */
    void retain(Collection<UnitName> units) {
        retries.keySet().retainAll(units);
    }

    /** When something is due again, of the units that matter. */
    Stream<Duration> moments(Predicate<UnitName> units) {
        return retries.entrySet().stream()
                .filter(retry -> units.test(retry.getKey()))
                .map(retry -> retry.getValue().at());
    }
}
