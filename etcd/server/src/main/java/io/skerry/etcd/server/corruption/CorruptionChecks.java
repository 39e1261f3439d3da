package io.skerry.etcd.server.corruption;

import java.time.Duration;

/**
 * When the members' content is compared.
 *
 * @param initial whether a member compares with the others before it starts
 * @param everything how often a leader compares all that can be read; zero: never
 * @param compacted how often a leader compares what was left by a compaction, if there was one;
 *     zero: never
 */
public record CorruptionChecks(boolean initial, Duration everything, Duration compacted) {
    /** What etcd does when it is told nothing. */
    public static final CorruptionChecks NONE =
            new CorruptionChecks(false, Duration.ZERO, Duration.ZERO);

    public CorruptionChecks {
        if (everything.isNegative() || compacted.isNegative()) {
            throw new IllegalArgumentException(
                    "--experimental-corrupt-check-time and"
                            + " --experimental-compact-hash-check-time must not be negative");
        }
    }
}
