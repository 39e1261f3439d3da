package io.skerry.bench.store;

/** What flags of numbers may be, told to users in the same words by all benchmarks. */
public final class FlagRange {
    private FlagRange() {}

    /**
     * Refuses what does not lie in a flag's range.
     *
     * @param most inclusive; {@link Long#MAX_VALUE}: there is no upper limit
     * @throws IllegalArgumentException with a message for users
     */
    public static void check(String flag, long value, long least, long most) {
        if (value < least || value > most) {
            String range =
                    most == Long.MAX_VALUE
                            ? "less than " + least
                            : "not within " + least + " to " + most;
            throw new IllegalArgumentException(flag + " " + value + " is " + range);
        }
    }
}
