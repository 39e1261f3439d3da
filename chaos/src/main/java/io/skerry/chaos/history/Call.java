package io.skerry.chaos.history;

import java.util.Locale;
import java.util.TreeMap;

/**
 * One request of one client, with its outcome.
 *
 * @param invokedNanos before it was sent
 * @param returnedNanos after the answer was there; {@link #NEVER} for an unknown outcome
 */
public record Call(
        int client,
        String group,
        Request request,
        Outcome outcome,
        long invokedNanos,
        long returnedNanos) {
    public static final long NEVER = Long.MAX_VALUE;

    public Call {
        if (returnedNanos < invokedNanos) {
            throw new IllegalArgumentException("a call cannot return before it was made");
        }
    }

    public boolean unknown() {
        return outcome instanceof Outcome.Unknown;
    }

    /** The same request, of whose answer nothing is known. */
    public Call withoutAnswer() {
        return new Call(client, group, request, new Outcome.Unknown(), invokedNanos, NEVER);
    }

    public Call returnedBy(long nanos) {
        return new Call(client, group, request, outcome, invokedNanos, nanos);
    }

    /** One line for people. */
    @Override
    public String toString() {
        String end = returnedNanos == NEVER ? "   ?   " : seconds(returnedNanos);
        String asked =
                switch (request) {
                    case Request.Read read -> "read";
                    case Request.Write(var changes) -> "write " + new TreeMap<>(changes);
                    case Request.Guarded(var expected, var changes) ->
                            "if " + new TreeMap<>(expected) + " write " + new TreeMap<>(changes);
                };
        String told =
                switch (outcome) {
                    case Outcome.Seen(var state, long revision) ->
                            "saw " + new TreeMap<>(state) + " at " + revision;
                    case Outcome.Written(long revision) -> "written at " + revision;
                    case Outcome.Refused(var state, long revision) ->
                            "refused, saw " + new TreeMap<>(state) + " at " + revision;
                    case Outcome.Unknown unknown -> "no answer";
                };
        return "[%s..%s] client %d: %s %s -> %s"
                .formatted(seconds(invokedNanos), end, client, group, asked, told)
                .replace("Optional.empty", "nothing")
                .replaceAll("Optional\\[([^\\]]*)\\]", "$1");
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.4f", nanos / 1e9);
    }
}
