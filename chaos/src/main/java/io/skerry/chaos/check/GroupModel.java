package io.skerry.chaos.check;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.Outcome;
import io.skerry.chaos.history.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A group of keys that one client after another uses. */
final class GroupModel implements Linearizability.Model<Map<String, String>, Call> {
    @Override
    public Map<String, String> initial() {
        return Map.of();
    }

    @Override
    public @Nullable Map<String, String> after(Map<String, String> state, Call call) {
        return switch (call.outcome()) {
            case Outcome.Seen(var seen, long _) -> seen.equals(state) ? state : null;
            case Outcome.Refused(var seen, long _) ->
                    seen.equals(state) && !allowed(state, call.request()) ? state : null;
            case Outcome.Written _ -> allowed(state, call.request()) ? changed(state, call) : null;
            case Outcome.Unknown _ -> allowed(state, call.request()) ? changed(state, call) : state;
        };
    }

    private static boolean allowed(Map<String, String> state, Request request) {
        return switch (request) {
            case Request.Read _, Request.Write _ -> true;
            case Request.Guarded(var expected, var _) ->
                    expected.entrySet().stream()
                            .allMatch(e ->
                                    Optional.ofNullable(state.get(e.getKey()))
                                            .equals(e.getValue()));
        };
    }

    private static Map<String, String> changed(Map<String, String> state, Call call) {
        var next = new HashMap<>(state);
        changes(call.request())
                .forEach((key, value) ->
                        value.ifPresentOrElse(v -> next.put(key, v), () -> next.remove(key)));
        return Map.copyOf(next);
    }

    static Map<String, Optional<String>> changes(Request request) {
        return switch (request) {
            case Request.Read _ -> Map.of();
            case Request.Write(var changes) -> changes;
            case Request.Guarded(var _, var changes) -> changes;
        };
    }
}
