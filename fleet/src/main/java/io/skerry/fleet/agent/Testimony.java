package io.skerry.fleet.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What other hosts tell of the store, over a while, to one that it refuses. Members that refuse
 * connections are down, or something between refuses in their place, at worst this host itself:
 * then the others go on, and start this host's units once the lease has run out. Not thread-safe.
 */
public final class Testimony {
    /** When the answers without a denial between them began; null: the last one was a denial. */
    private @Nullable Duration since;

    private boolean denied;

    /** What others say when they are asked whether the store answers them. */
    public enum Answer {
        /** It answers at least one of them. */
        YES,
        /** It answers none of those that said anything, or they do not run. */
        NO,
        /** Nobody has said anything yet: they are busy, or out of reach. */
        NOTHING
    }

    /** Others were asked then. Silence changes nothing: whoever is busy denies nothing. */
    public void heard(Duration now, Answer answer) {
        switch (answer) {
            case YES -> since = since == null ? now : since;
            case NO -> {
                denied = true;
                since = null;
            }
            case NOTHING -> {}
        }
    }

    /** There is no doubt at present; what was told before is of no interest. */
    public void forget() {
        denied = false;
        since = null;
    }

    /**
     * Whether the others go on without this host: the store has answered them since they were first
     * asked or, when it had been away from them, too, for that long since.
     *
     * @param recovery a store that is back may refuse this host a little longer than others
     */
    public boolean holds(Duration now, Duration recovery) {
        return since != null && (!denied || now.minus(since).compareTo(recovery) >= 0);
    }
}
