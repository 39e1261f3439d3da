package io.skerry.fleet.api.schema;

import io.skerry.fleet.model.Resources;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A host as the API shows it; metadata is sorted by key.
 *
 * @param state empty for a host that takes units, else {@code drained} or {@code leaving}; a field
 *     of ours
 * @param capacity what it has for units; nothing when it does not tell; a field of ours
 * @param requested what its units ask for; told only in the list of machines
 */
public record Machine(
        String id,
        Map<String, String> metadata,
        String primaryIp,
        String state,
        Resources capacity,
        Resources requested) {
    public Machine {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
}
