package io.skerry.bench.store;

/**
 * How large the scenarios are.
 *
 * @param keys of the scenario many-keys; limited-memory has ten times as many
 * @param overwrites how often each of them is overwritten
 * @param perSecond calls a second that are offered to both stores
 * @param watchers that share 100 keys
 * @param prefixWatchers that each watch all keys
 * @param watchedPuts puts that each of the latter is told of
 */
public record Sizes(
        long keys,
        int overwrites,
        int perSecond,
        int watchers,
        int prefixWatchers,
        int watchedPuts) {
    private static final long MAX_KEYS = 100_000_000;
    private static final int MAX_OVERWRITES = 100;
    private static final int MAX_PER_SECOND = 1_000_000;

    /** Refuses what has no end or sense, with a message for users. */
    public Sizes {
        FlagRange.check("--keys", keys, 1, MAX_KEYS);
        FlagRange.check("--overwrites", overwrites, 1, MAX_OVERWRITES);
        FlagRange.check("--rate", perSecond, 1, MAX_PER_SECOND);
    }

    /** As the targets say. */
    public static Sizes full() {
        return new Sizes(1_000_000, 10, 1_000, 10_000, 1_000, 2_000);
    }

    /** Just enough to see that everything runs. */
    public static Sizes quick() {
        return new Sizes(5_000, 1, 200, 200, 20, 100);
    }

    /** The same with another number of keys. */
    public Sizes withKeys(long number) {
        return new Sizes(number, overwrites, perSecond, watchers, prefixWatchers, watchedPuts);
    }

    /** The same with another number of times that each key is overwritten. */
    public Sizes withOverwrites(int number) {
        return new Sizes(keys, number, perSecond, watchers, prefixWatchers, watchedPuts);
    }

    /** The same at another rate. */
    public Sizes withRate(int number) {
        return new Sizes(keys, overwrites, number, watchers, prefixWatchers, watchedPuts);
    }
}
