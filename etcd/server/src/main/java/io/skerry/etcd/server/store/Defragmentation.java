package io.skerry.etcd.server.store;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The order of the steps that give space back: first scattered data is written anew side by side,
 * then what lies at the end of the file is moved into the gaps. Both end even if writers go on
 * making new gaps.
 */
final class Defragmentation {
    /** Rounds of moving without a smaller file after which there is nothing more to gain. */
    private static final int FRUITLESS_ROUNDS = 3;

    /** The engine keeps what a few commits before the newest refer to. */
    private static final int SETTLING_COMMITS = 8;

    private static final int MAX_ROUNDS = 10_000;

    private final LongSupplier fileBytes;
    private final BooleanSupplier gather;
    private final Runnable shrink;

    /**
     * @param gather rewrites some scattered data and commits; false if there was none
     * @param shrink moves some data from the end of the file forward
     */
    Defragmentation(LongSupplier fileBytes, BooleanSupplier gather, Runnable shrink) {
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
        int fruitless = 0;
        for (int i = 0; i < MAX_ROUNDS && fruitless < FRUITLESS_ROUNDS; i++) {
            long before = fileBytes.getAsLong();
            shrink.run();
            fruitless = fileBytes.getAsLong() < before ? 0 : fruitless + 1;
        }
    }
}
