package io.skerry.chaos.check;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.Event;
import io.skerry.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the store's own history at the end is what clients were told: every acknowledged write is
 * in it at its revision, and nothing is that nobody asked for, or more than once.
 */
public final class HistoryCheck {
    private static final String PROMISE = "durable writes";

    private HistoryCheck() {}

    public static List<Violation> of(List<Event> truth, List<Call> calls) {
        var violations = new ArrayList<Violation>();
        var at = new HashMap<Long, Map<String, Optional<String>>>();
        var writes = new HashMap<String, Long>();
        for (Event event : truth) {
            at.computeIfAbsent(event.revision(), _ -> new HashMap<>())
                    .put(event.key(), event.value());
            Long before = event.value().map(v -> writes.put(v, event.revision())).orElse(null);
            if (before != null && before != event.revision()) {
                violations.add(
                        new Violation(
                                PROMISE,
                                "one write was carried out twice",
                                List.of("at revision " + before, event.toString())));
            }
        }
        var asked = new HashSet<String>();
        for (Call call : calls) {
            GroupModel.changes(call.request()).values().forEach(v -> v.ifPresent(asked::add));
            if (call.outcome() instanceof Outcome.Written(long revision)) {
                var found = at.getOrDefault(revision, Map.of());
                if (!holds(found, GroupModel.changes(call.request()))) {
                    violations.add(
                            new Violation(
                                    PROMISE,
                                    "the store does not have an acknowledged write; at its"
                                            + " revision it has "
                                            + found,
                                    List.of(call.toString())));
                }
            }
        }
        for (String value : writes.keySet()) {
            if (!asked.contains(value)) {
                violations.add(
                        new Violation(
                                PROMISE,
                                "nobody wrote " + value + " that the store has",
                                List.of()));
            }
        }
        return violations;
    }

    private static boolean holds(
            Map<String, Optional<String>> found, Map<String, Optional<String>> changes) {
        // Deleting what is not there leaves no event.
        return changes.entrySet().stream()
                .allMatch(change ->
                        (change.getValue().isEmpty() && !found.containsKey(change.getKey()))
                                || change.getValue().equals(found.get(change.getKey())));
    }
}
