package io.skerry.node.playground;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster says of itself through its APIs.
 *
 * @param roles what each host is in the store, by host name
 * @param troubles what could not be asked, a line each
 */
record ClusterView(Map<String, String> roles, Rows store, Rows units, List<String> troubles) {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);

    ClusterView {
        roles = Map.copyOf(roles);
        troubles = List.copyOf(troubles);
    }

    static ClusterView read(ClusterAccess access) throws IOException {
        var troubles = new ArrayList<String>();
        List<StoreQuery.Member> members;
        try (var query = new StoreQuery(access, ASK_LIMIT)) {
            members = query.members();
        }
        var roles = new HashMap<String, String>();
        var objects = new ArrayList<Map<String, Object>>();
        for (StoreQuery.Member member : members) {
            roles.put(member.host(), member.role());
            var object = new LinkedHashMap<String, Object>();
            object.put("member", member.host());
            object.put("id", member.id());
            object.put("role", member.role());
            object.put("endpoint", member.url());
            object.put("revision", member.revision());
            objects.add(object);
        }
        if (members.stream().noneMatch(member -> member.role().equals("leader"))) {
            troubles.add("the store has no leader that answers");
        }
        var store =
                new Rows(
                        Rows.columnsOf("MEMBER", "member", "ID", "id", "ROLE", "role"),
                        Rows.columnsOf("ENDPOINT", "endpoint", "REVISION", "revision"),
                        objects);
        return new ClusterView(roles, store, units(access, troubles), troubles);
    }

    private static Rows units(ClusterAccess access, List<String> troubles) {
        var columns =
                Rows.columnsOf(
                        "UNIT", "name", "TARGET", "target", "MACHINE", "machine", "ACTIVE",
                        "active", "SUB", "sub");
        var wide = Rows.columnsOf("LOAD", "load", "HASH", "hash");
        var query = new FleetQuery(access.tls(), ASK_LIMIT);
        IOException last = null;
        for (String url : access.runningFleetUrls()) {
            try {
                return new Rows(
                        columns,
                        wide,
                        joined(
                                query.list(url, "units", "units"),
                                query.list(url, "state", "states")));
            } catch (IOException e) {
                last = e;
            }
        }
        troubles.add(
                "fleet's API on every host: "
                        + (last == null ? "no host runs" : last.getMessage()));
        return new Rows(columns, wide, List.of());
    }

    /** A line for every state of a unit, and one for a unit without any. */
    private static List<Map<String, Object>> joined(List<JsonNode> units, List<JsonNode> states) {
        var objects = new ArrayList<Map<String, Object>>();
        for (JsonNode unit : units) {
            String name = unit.path("name").asText();
            var own = states.stream().filter(s -> s.path("name").asText().equals(name)).toList();
            for (JsonNode state : own) {
                objects.add(object(unit, state));
            }
            if (own.isEmpty()) {
                objects.add(object(unit, null));
            }
        }
        return objects;
    }

    private static Map<String, Object> object(JsonNode unit, @Nullable JsonNode state) {
        var object = new LinkedHashMap<String, Object>();
        object.put("name", unit.path("name").asText());
        object.put("target", unit.path("desiredState").asText());
        object.put("machine", text(state, "machineID"));
        object.put("load", text(state, "systemdLoadState"));
        object.put("active", text(state, "systemdActiveState"));
        object.put("sub", text(state, "systemdSubState"));
        object.put("hash", text(state, "hash"));
        return object;
    }

    private static String text(@Nullable JsonNode node, String field) {
        return node == null ? "" : node.path(field).asText("");
    }
}
