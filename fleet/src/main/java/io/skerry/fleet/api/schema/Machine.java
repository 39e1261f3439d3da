package io.skerry.fleet.api.schema;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A host as the API shows it; metadata is sorted by key. */
public record Machine(String id, Map<String, String> metadata, String primaryIp) {
    public Machine {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
}
