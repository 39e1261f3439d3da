package io.skerry.chaos.history;

import java.util.Optional;

/**
 * A change of one key as a watch tells it.
 *
 * @param value empty when the key was deleted
 * @param createRevision 0 in a deletion
 */
public record Event(long revision, String key, Optional<String> value, long createRevision) {
    @Override
    public String toString() {
        return revision + ": " + key + " = " + value.orElse("nothing");
    }
}
