package io.skerry.flannel.book;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.etcd.client.KeyValue;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What fleet's keys say of machines, as far as the network is concerned: {@code M/object} is what a
 * machine says of itself, {@code M/metadata/K} what users say, which goes before.
 */
public final class FleetMachines {
    /** Where fleet keeps its machines unless it was told otherwise. */
    public static final String PREFIX = "/_coreos.com/fleet/machines/";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private FleetMachines() {}

    /** A machine of fleet's. */
    public record Machine(String id, Map<String, String> metadata) {
        public Machine {
            metadata = Map.copyOf(metadata);
        }
    }

    /** Machines by their public address; of two that have the same, the one that came last. */
    public static Map<String, Machine> byAddress(Map<String, KeyValue> entries) {
        var objects = new TreeMap<Long, Map.Entry<String, JsonNode>>();
        var ofUsers = new HashMap<String, Map<String, String>>();
        entries.forEach((key, entry) -> {
            String[] parts = key.substring(PREFIX.length()).split("/", 3);
            if (parts.length == 2 && parts[1].equals("object")) {
                objects.put(entry.modRevision(), Map.entry(parts[0], tree(entry.text())));
            } else if (parts.length == 3 && parts[1].equals("metadata")) {
                ofUsers.computeIfAbsent(parts[0], id -> new HashMap<>())
                        .put(parts[2], entry.text());
            }
        });
        var machines = new HashMap<String, Machine>();
        for (var object : objects.values()) {
            var metadata = new HashMap<String, String>();
            object.getValue()
                    .path("Metadata")
                    .properties()
                    .forEach(field -> metadata.put(field.getKey(), field.getValue().asText()));
            metadata.putAll(ofUsers.getOrDefault(object.getKey(), Map.of()));
            machines.put(
                    object.getValue().path("PublicIP").asText(),
                    new Machine(object.getKey(), metadata));
        }
        machines.remove("");
        return machines;
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return MAPPER.createObjectNode(); // fleet itself tells of it
        }
    }
}
