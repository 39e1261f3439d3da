package io.skerry.fleet.api.schema;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A host as the API shows it; metadata is sorted by key.
 *
 * @param state empty for a host that takes units, else {@code drained} or {@code leaving}; a field
 *     of ours
 */
public record Machine(String id, Map<String, String> metadata, String primaryIp, String state) {
    public Machine {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
}
