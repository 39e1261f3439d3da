package io.skerry.etcd.server.store;

import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * The order of the steps that give space back: first scattered data is written anew side by side,
 * then what lies at the end of the file is moved into the gaps. Both end even if writers go on
 * making new gaps.
 */
final class Defragmentation {
    /** How much is moved at a time, while writers wait, as long as that makes the file smaller. */
    static final int LEAST_STEP_BYTES = 1 << 20;

    /** As much is moved at a time if less gains nothing: a commit may be about so large. */
    private static final int LARGEST_STEP_BYTES = 64 << 20;

    /** The engine keeps what a few commits before the newest refer to. */
    private static final int SETTLING_COMMITS = 8;

    private static final int MAX_ROUNDS = 10_000;

    private final LongSupplier fileBytes;
    private final BooleanSupplier gather;
    private final IntConsumer shrink;

    /**
     * @param gather rewrites some scattered data and commits; false if there was none
     * @param shrink moves so many bytes at most from the end of the file forward
     */
    Defragmentation(LongSupplier fileBytes, BooleanSupplier gather, IntConsumer shrink) {
        this.fileBytes = fileBytes;
        this.gather = gather;
        this.shrink = shrink;
    }

    void run() {
        // Each round rewrites what fits a step, so all of the file once takes so many of them.
        long rounds = Math.clamp(fileBytes.getAsLong() >> 20, 8, MAX_ROUNDS);
        while (rounds-- > 0 && gather.getAsBoolean()) {}
        for (int i = 0; i < SETTLING_COMMITS; i++) {
            var _ = gather.getAsBoolean();
        }
        int step = LEAST_STEP_BYTES;
        for (int i = 0; i < MAX_ROUNDS && step <= LARGEST_STEP_BYTES; i++) {
            long before = fileBytes.getAsLong();
            shrink.accept(step);
            step = fileBytes.getAsLong() < before ? LEAST_STEP_BYTES : 2 * step;
        }
    }
}
