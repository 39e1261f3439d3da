package io.skerry.chaos.history;

import java.util.Set;

/** A call on a set that only grows. */
public sealed interface SetCall {
    /** Which set. */
    String set();

    long invokedNanos();

    long returnedNanos();

    /**
     * Adds an element that nobody else adds.
     *
     * @param returnedNanos {@link Call#NEVER} when no answer came
     */
    record Add(String set, String element, long invokedNanos, long returnedNanos)
            implements SetCall {}

    /** Reads the whole set. */
    record Read(String set, Set<String> elements, long invokedNanos, long returnedNanos)
            implements SetCall {
        public Read {
            elements = Set.copyOf(elements);
        }
    }
}
