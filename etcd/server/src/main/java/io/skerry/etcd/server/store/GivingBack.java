package io.skerry.etcd.server.store;

import java.time.Duration;

/**
 * Decides the steps that give space back to the disk after a compaction, in the background: only
 * when much of the file is free, and never so much at once that writers notice. What was deleted is
 * free for use only some commits later, so there is some waiting. Not thread-safe.
 */
final class GivingBack {
    /** So much of a file and an eighth of what it holds may stay free, for what comes next. */
    private static final long FREE_BYTES_LEFT = 16 << 20;

    /** Nobody asked for it, so the device has no more to do than for two commits. */
    private static final int LARGEST_STEP_BYTES = 16 << 20;

    private static final long SETTLING_NANOS = Duration.ofSeconds(30).toNanos();

    private final long startNanos;

    /** What cannot be moved must not be tried for ever. */
    private long gatheringsLeft = -1;

    private boolean scattered = true;
    private final ShrinkStep step = new ShrinkStep(LARGEST_STEP_BYTES);
    private long bytesBeforeShrink;

    /** What to do next. */
    sealed interface Step {
        /** True if the next step may follow at once. */
        boolean busy();

        /** Nothing now; ask again after a while. */
        record Wait() implements Step {
            @Override
            public boolean busy() {
                return false;
            }
        }

        /** Write anew what is scattered over mostly free parts; tell {@link #gathered}. */
        record Gather() implements Step {
            @Override
            public boolean busy() {
                return true;
            }
        }

        /** Move so much at most from the end of the file forward. */
        record Shrink(int bytes) implements Step {
            @Override
            public boolean busy() {
                return true;
            }
        }

        /** It is done. */
        record End() implements Step {
            @Override
            public boolean busy() {
                return false;
            }
        }
    }

    GivingBack(long nowNanos) {
        this.startNanos = nowNanos;
    }

    Step next(long fileBytes, long bytesInUse, long nowNanos) {
        boolean settled = nowNanos - startNanos > SETTLING_NANOS;
        if (fileBytes <= bytesInUse + bytesInUse / 8 + FREE_BYTES_LEFT) {
            return settled ? new Step.End() : new Step.Wait();
        }
        if (gatheringsLeft < 0) {
            // All of the file once takes half as many.
            gatheringsLeft = 8 + (fileBytes >> 20);
        }
        if (scattered && gatheringsLeft > 0) {
            gatheringsLeft--;
            return new Step.Gather();
        }
        if (bytesBeforeShrink != 0) {
            step.done(bytesBeforeShrink, fileBytes);
        }
        if (step.givenUp()) {
            // What keeps the end of the file may go with a commit to come.
            scattered = true;
            bytesBeforeShrink = 0;
            step.restart();
            return settled ? new Step.End() : new Step.Wait();
        }
        bytesBeforeShrink = fileBytes;
        return new Step.Shrink(step.bytes());
    }

    /** Whether there was something to gather. */
    void gathered(boolean some) {
        scattered = some;
    }
}
