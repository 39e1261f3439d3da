package io.skerry.base.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Limits within which things are sent together. Immutable, thread-safe.
 *
 * @param limits all of which hold for each batch
 */
public record Batches<T>(List<Limit<T>> limits) {
    /**
     * A limit of one measure.
     *
     * @param size of one item; asked once for each
     * @param most what the sizes of a batch may add up to
     */
    public record Limit<T>(ToIntFunction<? super T> size, int most) {}

    /** Keeps its own copy. */
    public Batches {
        limits = List.copyOf(limits);
    }

    /** So many in a batch. */
    public static <T> Batches<T> ofAtMost(int count) {
        return new Batches<>(List.of(new Limit<>(item -> 1, count)));
    }

    /** The sizes of a batch add up to that as well at most. */
    public Batches<T> and(ToIntFunction<? super T> size, int most) {
        var more = new ArrayList<>(limits);
        more.add(new Limit<>(size, most));
        return new Batches<>(more);
    }

    /**
     * The items in their order, in as few batches as the order allows, none of them empty. One that
     * is beyond a limit by itself is a batch of its own.
     */
    public List<List<T>> of(Collection<? extends T> items) {
        var batches = new ArrayList<List<T>>();
        var batch = new ArrayList<T>();
        long[] sums = new long[limits.size()];
        for (T item : items) {
            boolean fits = true;
            int[] sizes = new int[sums.length];
            for (int i = 0; i < sums.length; i++) {
                sizes[i] = limits.get(i).size().applyAsInt(item);
                fits &= sums[i] + sizes[i] <= limits.get(i).most();
            }
            if (!fits && !batch.isEmpty()) {
                batches.add(List.copyOf(batch));
                batch.clear();
                Arrays.fill(sums, 0);
            }
            batch.add(item);
            Arrays.setAll(sums, i -> sums[i] + sizes[i]);
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return List.copyOf(batches);
    }
}
