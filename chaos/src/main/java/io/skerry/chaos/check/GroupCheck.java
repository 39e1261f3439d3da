package io.skerry.chaos.check;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.Outcome;
import io.skerry.chaos.history.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether keys are linearizable, each group of keys for itself, which is enough because groups are
 * separate objects.
 *
 * <p>Writes without an answer may have happened at any later time, and every one of them would
 * double the search. Since no value is written twice, most of them can be told: one whose value was
 * seen had happened by then; one that deletes nothing and whose value nobody ever saw can be left
 * out, because no answer depends on it.
 */
public final class GroupCheck {
    private static final int EXCERPT = 16;
    private static final GroupModel MODEL = new GroupModel();

    private GroupCheck() {}

    public static List<Violation> of(List<Call> calls) {
        var groups = new TreeMap<String, List<Call>>();
        calls.forEach(c -> groups.computeIfAbsent(c.group(), _ -> new ArrayList<>()).add(c));
        var violations = new ArrayList<Violation>();
        groups.forEach((group, own) -> {
            if (!linearizable(own)) {
                violations.add(
                        new Violation(
                                "linearizable keys",
                                "no order of the calls on " + group + " explains their answers",
                                shown(shortest(own))));
            }
        });
        return violations;
    }

    static boolean linearizable(List<Call> calls) {
        var timed = new ArrayList<Linearizability.Timed<Call>>();
        for (Call call : settled(calls)) {
            timed.add(new Linearizability.Timed<>(call, call.invokedNanos(), call.returnedNanos()));
        }
        return Linearizability.holds(MODEL, timed);
    }

    private static List<Call> settled(List<Call> calls) {
        var firstSeen = new HashMap<String, Long>();
        for (Call call : calls) {
            switch (call.outcome()) {
                case Outcome.Seen(var state, long _) -> note(firstSeen, state, call);
                case Outcome.Refused(var state, long _) -> note(firstSeen, state, call);
                case Outcome.Written _, Outcome.Unknown _ -> {}
            }
        }
        var settled = new ArrayList<Call>();
        for (Call call : calls) {
            if (!call.unknown()) {
                settled.add(call);
                continue;
            }
            var changes = GroupModel.changes(call.request()).values();
            Optional<Long> seen =
                    changes.stream()
                            .flatMap(Optional::stream)
                            .map(firstSeen::get)
                            .filter(java.util.Objects::nonNull)
                            .min(Comparator.naturalOrder());
            if (seen.isPresent()) {
                // Seen before it was sent: let the search find that nothing explains it.
                settled.add(call.returnedBy(Math.max(seen.get(), call.invokedNanos())));
            } else if (changes.stream().anyMatch(Optional::isEmpty)) {
                settled.add(call);
            }
        }
        return settled;
    }

    private static void note(Map<String, Long> firstSeen, Map<String, String> state, Call call) {
        state.values().forEach(value -> firstSeen.merge(value, call.returnedNanos(), Math::min));
    }

    /** The calls up to the first moment at which they can no longer be explained. */
    private static List<Call> shortest(List<Call> calls) {
        long[] ends =
                calls.stream()
                        .filter(c -> !c.unknown())
                        .mapToLong(Call::returnedNanos)
                        .sorted()
                        .toArray();
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (linearizable(until(calls, ends[middle]))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return withoutNeedlessReads(until(calls, ends[low]));
    }

    private static List<Call> until(List<Call> calls, long nanos) {
        var kept = new ArrayList<Call>();
        for (Call call : calls) {
            if (call.returnedNanos() <= nanos) {
                kept.add(call);
            } else if (call.invokedNanos() <= nanos && !(call.request() instanceof Request.Read)) {
                kept.add(call.withoutAnswer());
            }
        }
        return kept;
    }

    private static List<Call> withoutNeedlessReads(List<Call> failing) {
        var kept = new ArrayList<>(failing);
        for (Call call : failing) {
            if (call.outcome() instanceof Outcome.Seen) {
                kept.remove(call);
                if (linearizable(kept)) {
                    kept.add(call);
                }
            }
        }
        return kept;
    }

    private static List<String> shown(List<Call> failing) {
        var sorted = new ArrayList<>(failing);
        sorted.sort(Comparator.comparingLong(Call::invokedNanos));
        var lines = new ArrayList<String>();
        int from = Math.max(0, sorted.size() - EXCERPT);
        if (from > 0) {
            lines.add("(" + from + " earlier calls that can be explained)");
        }
        sorted.subList(from, sorted.size()).forEach(call -> lines.add(call.toString()));
        return lines;
    }
}
