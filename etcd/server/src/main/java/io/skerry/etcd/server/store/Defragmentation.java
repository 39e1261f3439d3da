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
    /** Who asks for space waits for it: more than a commit is about large. */
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
        var step = new ShrinkStep(LARGEST_STEP_BYTES);
        for (int i = 0; i < MAX_ROUNDS && !step.givenUp(); i++) {
            long before = fileBytes.getAsLong();
            shrink.accept(step.bytes());
            step.done(before, fileBytes.getAsLong());
        }
    }
}
