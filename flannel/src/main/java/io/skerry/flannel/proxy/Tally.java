package io.skerry.flannel.proxy;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many packets went which way. For any threads.
 *
 * @param sent to other hosts
 * @param received from other hosts
 * @param dropped as they were for addresses that nobody has, could not be handed on, or were no
 *     packets
 */
record Tally(LongAdder sent, LongAdder received, LongAdder dropped) {
    static Tally begin() {
        return new Tally(new LongAdder(), new LongAdder(), new LongAdder());
    }
}
