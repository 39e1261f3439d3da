package io.skerry.flannel.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Ip4;
import org.junit.jupiter.api.Test;

class AnswerLimitTest {
    private static final long SECOND = 1_000_000_000;
    private static final int SENDER = Ip4.of("10.77.1.2").bits();

    /** Close to where the clock's numbers turn over. */
    private long now = Long.MAX_VALUE - SECOND / 2;

    private final AnswerLimit limit = new AnswerLimit(now);

    private int allowed(int sender, int questions) {
        int allowed = 0;
        for (int i = 0; i < questions; i++) {
            allowed += limit.allows(sender, now) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void senderIsToldAFewTimesAtOnceAndThenOnceASecond() {
        assertThat(allowed(SENDER, 1000)).isEqualTo(AnswerLimit.AT_ONCE);
        for (int i = 0; i < 5; i++) {
            now += SECOND;
            assertThat(allowed(SENDER, 1000)).isEqualTo(1);
        }
        now += 1000 * SECOND;
        assertThat(allowed(SENDER, 1000)).isEqualTo(AnswerLimit.AT_ONCE);
    }

    @Test
    void oneSenderDoesNotKeepItsNeighbourFromBeingTold() {
        allowed(SENDER, 1000);

        assertThat(allowed(SENDER + 1, 1)).isEqualTo(1);
    }

    @Test
    void howeverManySendersThereAreTheyGetNoMoreThanTheSharesASecond() {
        for (int i = 0; i < 100_000; i++) {
            allowed(SENDER + i, AnswerLimit.AT_ONCE);
        }
        now += SECOND;
        int told = 0;
        for (int i = 0; i < 100_000; i++) {
            told += allowed(SENDER + i, AnswerLimit.AT_ONCE);
        }
        assertThat(told).isEqualTo(AnswerLimit.SHARES);
    }
}
