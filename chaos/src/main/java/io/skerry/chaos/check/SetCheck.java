package io.skerry.chaos.check;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.SetCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a set that only grows is linearizable. As elements are added once and never removed,
 * three things say it all: an element is in every read that began after its addition was known, in
 * none that ended before it was sent, and of two reads one contains the other.
 */
public final class SetCheck {
    private static final String PROMISE = "linearizable set";

    private SetCheck() {}

    public static List<Violation> of(List<SetCall> calls) {
        var sets = new TreeMap<String, List<SetCall>>();
        calls.forEach(c -> sets.computeIfAbsent(c.set(), _ -> new ArrayList<>()).add(c));
        return sets.values().stream().flatMap(own -> ofOne(own).stream()).toList();
    }

    private static List<Violation> ofOne(List<SetCall> calls) {
        var sent = new HashMap<String, Long>();
        var known = new HashMap<String, Long>();
        var reads = new ArrayList<SetCall.Read>();
        for (SetCall call : calls) {
            switch (call) {
                case SetCall.Add(String _, String element, long from, long to) -> {
                    sent.put(element, from);
                    if (to != Call.NEVER) {
                        known.merge(element, to, Math::min);
                    }
                }
                case SetCall.Read read -> reads.add(read);
            }
        }
        for (SetCall.Read read : reads) {
            read.elements().forEach(e -> known.merge(e, read.returnedNanos(), Math::min));
        }
        var violations = new ArrayList<Violation>();
        for (SetCall.Read read : reads) {
            judge(read, sent, known, violations);
        }
        chain(reads, violations);
        return violations;
    }

    private static void judge(
            SetCall.Read read,
            Map<String, Long> sent,
            Map<String, Long> known,
            List<Violation> violations) {
        for (String element : read.elements()) {
            Long at = sent.get(element);
            if (at == null || at > read.returnedNanos()) {
                violations.add(violation("a read saw " + element + " before it was added", read));
            }
        }
        known.forEach((element, at) -> {
            if (at < read.invokedNanos() && !read.elements().contains(element)) {
                violations.add(
                        violation(
                                "a read missed "
                                        + element
                                        + ", which was known to be there at "
                                        + at / 1e9
                                        + " s",
                                read));
            }
        });
    }

    private static void chain(List<SetCall.Read> reads, List<Violation> violations) {
        var sorted = new ArrayList<>(reads);
        sorted.sort(Comparator.comparingInt(read -> read.elements().size()));
        for (int i = 1; i < sorted.size(); i++) {
            var missing = new HashSet<>(sorted.get(i - 1).elements());
            missing.removeAll(sorted.get(i).elements());
            if (!missing.isEmpty()) {
                violations.add(
                        violation(
                                "two reads saw additions in different orders: one lacks " + missing,
                                sorted.get(i)));
            }
        }
    }

    private static Violation violation(String what, SetCall.Read read) {
        return new Violation(
                PROMISE,
                what,
                List.of(
                        "read of "
                                + read.set()
                                + " from "
                                + read.invokedNanos() / 1e9
                                + " s to "
                                + read.returnedNanos() / 1e9
                                + " s saw "
                                + read.elements().size()
                                + " elements"));
    }
}
