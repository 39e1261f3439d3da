package io.skerry.chaos.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether operations that overlapped in time can be put in one order that a sequential
 * object explains and that keeps the order of those that did not overlap: the search of Wing and
 * Gong, with Lowe's memory of the configurations that were seen to fail.
 */
final class Linearizability {
    /**
     * Beyond this the search has no business to go on; histories are made so that it never does.
     */
    private static final int MOST_CONFIGURATIONS = 4_000_000;

    private Linearizability() {}

    /** An object without concurrency. */
    interface Model<S, O> {
        S initial();

        /** The state after an operation; null if the operation cannot have had its outcome. */
        @Nullable S after(S state, O operation);
    }

    /**
     * An operation and when it may have taken effect.
     *
     * @param to {@code Long.MAX_VALUE} if it may have had its effect at any later time, or never
     */
    record Timed<O>(O operation, long from, long to) {}

    /** A call or a return in the order of time; a doubly linked list that calls are lifted from. */
    private static final class Entry<O> {
        final @Nullable Timed<O> call;
        final int number;
        final boolean certain;
        @Nullable Entry<O> match;
        @Nullable Entry<O> previous;
        @Nullable Entry<O> next;

        Entry(@Nullable Timed<O> call, int number, boolean certain) {
            this.call = call;
            this.number = number;
            this.certain = certain;
        }

        void unlink() {
            if (previous != null) {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
        }

        void relink() {
            if (previous != null) {
                previous.next = this;
            }
            if (next != null) {
                next.previous = this;
            }
        }
    }

    private record Configuration<S>(BitSet done, S state) {}

    private record Step<S, O>(Entry<O> entry, S before) {}

    static <S, O> boolean holds(Model<S, O> model, List<Timed<O>> operations) {
        Entry<O> head = listed(operations);
        int certainLeft = (int) operations.stream().filter(o -> o.to() != Long.MAX_VALUE).count();
        var seen = new HashSet<Configuration<S>>();
        var done = new BitSet(operations.size());
        var steps = new ArrayDeque<Step<S, O>>();
        S state = model.initial();
        Entry<O> entry = head.next;
        while (certainLeft > 0) {
            Timed<O> call = entry == null ? null : entry.call;
            if (entry != null && call != null) {
                S after = model.after(state, call.operation());
                if (after != null
                        && (entry.certain || !after.equals(state))
                        && remember(seen, done, entry.number, after)) {
                    steps.push(new Step<>(entry, state));
                    state = after;
                    certainLeft -= entry.certain ? 1 : 0;
                    lift(entry);
                    entry = head.next;
                } else {
                    entry = entry.next;
                }
                continue;
            }
            // An operation returns that is in no order yet: the last choice was wrong.
            if (steps.isEmpty()) {
                return false;
            }
            Step<S, O> wrong = steps.pop();
            state = wrong.before();
            done.clear(wrong.entry().number);
            certainLeft += wrong.entry().certain ? 1 : 0;
            unlift(wrong.entry());
            entry = wrong.entry().next;
        }
        return true;
    }

    private static <S> boolean remember(
            Set<Configuration<S>> seen, BitSet done, int number, S after) {
        done.set(number);
        if (seen.add(new Configuration<>((BitSet) done.clone(), after))) {
            if (seen.size() > MOST_CONFIGURATIONS) {
                throw new IllegalStateException(
                        "the history has too much concurrency to be judged: more than "
                                + MOST_CONFIGURATIONS
                                + " configurations");
            }
            return true;
        }
        done.clear(number);
        return false;
    }

    private static <O> void lift(Entry<O> call) {
        call.unlink();
        if (call.match != null) {
            call.match.unlink();
        }
    }

    private static <O> void unlift(Entry<O> call) {
        if (call.match != null) {
            call.match.relink();
        }
        call.relink();
    }

    private record Placed<O>(Entry<O> entry, long time, int order) {}

    private static <O> Entry<O> listed(List<Timed<O>> operations) {
        var all = new ArrayList<Placed<O>>();
        for (int i = 0; i < operations.size(); i++) {
            Timed<O> operation = operations.get(i);
            boolean certain = operation.to() != Long.MAX_VALUE;
            var call = new Entry<>(operation, i, certain);
            all.add(new Placed<>(call, operation.from(), 0));
            if (certain) {
                var end = new Entry<O>(null, i, true);
                call.match = end;
                all.add(new Placed<>(end, operation.to(), 1));
            }
        }
        // Of equal times calls come first: then the operations overlap, which forbids less.
        all.sort(
                Comparator.comparingLong((Placed<O> p) -> p.time())
                        .thenComparingInt(Placed::order));
        var head = new Entry<O>(null, -1, false);
        Entry<O> last = head;
        for (Placed<O> placed : all) {
            last.next = placed.entry();
            placed.entry().previous = last;
            last = placed.entry();
        }
        return head;
    }
}
