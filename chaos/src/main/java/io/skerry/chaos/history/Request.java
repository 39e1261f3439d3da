package io.skerry.chaos.history;

import java.util.Map;
import java.util.Optional;

/** What a client asks of a group of keys; the whole group is read and written atomically. */
public sealed interface Request {
    /** All keys of the group. */
    record Read() implements Request {}

    /**
     * Writes some keys at one revision.
     *
     * @param changes the new value of each key, empty to delete it; no value is ever used twice
     */
    record Write(Map<String, Optional<String>> changes) implements Request {
        public Write {
            changes = Map.copyOf(changes);
        }
    }

    /**
     * Writes if some keys have the values that are expected, otherwise reads the group.
     *
     * @param expected a key's value, empty when it should not exist
     */
    record Guarded(Map<String, Optional<String>> expected, Map<String, Optional<String>> changes)
            implements Request {
        public Guarded {
            expected = Map.copyOf(expected);
            changes = Map.copyOf(changes);
        }
    }
}
