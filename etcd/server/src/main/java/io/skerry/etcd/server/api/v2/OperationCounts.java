package io.skerry.etcd.server.api.v2;

import io.skerry.etcd.server.v2store.Action;
import io.skerry.etcd.server.v2store.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;

/** How often this member has done what since it was started. Thread-safe. */
final class OperationCounts {
    private final Map<Action, LongAdder> successes = adders();
    private final Map<Action, LongAdder> failures = adders();

    private static Map<Action, LongAdder> adders() {
        var adders = new EnumMap<Action, LongAdder>(Action.class);
        for (var action : Action.values()) {
            adders.put(action, new LongAdder());
        }
        return adders;
    }

    void read(boolean successful) {
        count(successful ? successes : failures, Action.GET);
    }

    void written(Outcome outcome) {
        count(outcome instanceof Outcome.Done ? successes : failures, outcome.action());
    }

    private static void count(Map<Action, LongAdder> adders, Action action) {
        adders.getOrDefault(action, new LongAdder()).increment();
    }

    /** The members of a JSON object in etcd's names and order, the braces left to the caller. */
    String json() {
        var json = new StringJoiner(",");
        add(json, "gets", Action.GET);
        add(json, "sets", Action.SET);
        add(json, "delete", Action.DELETE);
        add(json, "update", Action.UPDATE);
        add(json, "create", Action.CREATE);
        add(json, "compareAndSwap", Action.COMPARE_AND_SWAP);
        add(json, "compareAndDelete", Action.COMPARE_AND_DELETE);
        return json.add("\"expireCount\":" + successes.get(Action.EXPIRE)).toString();
    }

    private void add(StringJoiner json, String name, Action action) {
        json.add("\"" + name + "Success\":" + successes.get(action));
        json.add("\"" + name + "Fail\":" + failures.get(action));
    }
}
