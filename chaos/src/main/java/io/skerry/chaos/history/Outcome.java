package io.skerry.chaos.history;

import java.util.Map;

/** What the store said to a request. A request that certainly was not carried out is not kept. */
public sealed interface Outcome {
    /**
     * The keys of the group as they were.
     *
     * @param revision the store's revision in the answer's header
     */
    record Seen(Map<String, String> state, long revision) implements Outcome {
        public Seen {
            state = Map.copyOf(state);
        }
    }

    /**
     * Carried out.
     *
     * @param revision the revision of the write
     */
    record Written(long revision) implements Outcome {}

    /** The guard did not hold; the group was this instead. */
    record Refused(Map<String, String> state, long revision) implements Outcome {
        public Refused {
            state = Map.copyOf(state);
        }
    }

    /** No answer: carried out at any time after it was sent, or never. */
    record Unknown() implements Outcome {}
}
