package io.skerry.chaos.check;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether revisions tell the order of time across all keys: no two writes have the same, and what
 * began after a write or read had ended was given no lower one.
 */
public final class RevisionCheck {
    private static final String PROMISE = "monotonic revisions";

    private RevisionCheck() {}

    private record Answered(Call call, long revision, boolean write) {}

    public static List<Violation> of(List<Call> calls) {
        var violations = new ArrayList<Violation>();
        var answered = new ArrayList<Answered>();
        var writers = new HashMap<Long, Call>();
        for (Call call : calls) {
            Answered answer = answered(call);
            if (answer == null) {
                continue;
            }
            answered.add(answer);
            Call other = answer.write() ? writers.put(answer.revision(), call) : null;
            if (other != null) {
                violations.add(
                        new Violation(
                                PROMISE,
                                "two writes were made at revision " + answer.revision(),
                                List.of(other.toString(), call.toString())));
            }
        }
        inTime(answered, violations);
        return violations;
    }

    private static @Nullable Answered answered(Call call) {
        return switch (call.outcome()) {
            case Outcome.Seen(var _, long revision) -> new Answered(call, revision, false);
            case Outcome.Refused(var _, long revision) -> new Answered(call, revision, false);
            case Outcome.Written(long revision) -> new Answered(call, revision, true);
            case Outcome.Unknown _ -> null;
        };
    }

    private static void inTime(List<Answered> answered, List<Violation> violations) {
        var byStart = new ArrayList<>(answered);
        byStart.sort(Comparator.comparingLong(a -> a.call().invokedNanos()));
        var byEnd = new ArrayList<>(answered);
        byEnd.sort(Comparator.comparingLong(a -> a.call().returnedNanos()));
        Answered highest = null;
        int ended = 0;
        for (Answered next : byStart) {
            while (byEnd.get(ended).call().returnedNanos() < next.call().invokedNanos()) {
                Answered done = byEnd.get(ended++);
                if (highest == null || done.revision() > highest.revision()) {
                    highest = done;
                }
            }
            if (highest == null) {
                continue;
            }
            long least = highest.revision() + (next.write() ? 1 : 0);
            if (next.revision() < least) {
                violations.add(
                        new Violation(
                                PROMISE,
                                "a later call was answered with an earlier revision",
                                List.of(highest.call().toString(), next.call().toString())));
            }
        }
    }
}
