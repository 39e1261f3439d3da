package io.skerry.flannel.proxy;

import java.util.Arrays;

/**
 * How often a sender is told that its packets lead nowhere: once a second, and a few times at once
 * after a silence, as Linux does by default. Senders share a limit by chance, so that all together
 * get no more than {@link #SHARES} answers a second. For one thread.
 */
final class AnswerLimit {
    private static final int SHARE_BITS = 8;
    static final int SHARES = 1 << SHARE_BITS;
    static final int AT_ONCE = 6;
    private static final long NANOS_EACH = 1_000_000_000;

    /** Spreads addresses that differ in their last bits only. */
    private static final int SPREAD = 0x9e3779b1;

    /** Up to when the answers given so far are paid for. */
    private final long[] paidUntil = new long[SHARES];

    /**
     * @param nanos now, on a clock that only goes forward
     */
    AnswerLimit(long nanos) {
        Arrays.fill(paidUntil, nanos);
    }

    /** Whether to answer now, which is counted. */
    boolean allows(int sender, long nanos) {
        int share = (sender * SPREAD) >>> (Integer.SIZE - SHARE_BITS);
        long owed = Math.max(0, paidUntil[share] - nanos);
        if (owed > (AT_ONCE - 1) * NANOS_EACH) {
            return false;
        }
        paidUntil[share] = nanos + owed + NANOS_EACH;
        return true;
    }
}
