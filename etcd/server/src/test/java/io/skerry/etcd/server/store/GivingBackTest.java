package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.server.store.GivingBack.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GivingBackTest {
    private static final long MB = 1 << 20;
    private static final long LATER = Duration.ofMinutes(1).toNanos();

    @Test
    void waitsForWhatWasDeletedToBeFreeAndEndsWhenNothingIs() {
        var giving = new GivingBack(0);
        assertThat(giving.next(1000 * MB, 900 * MB, 1)).isEqualTo(new Step.Wait());
        assertThat(giving.next(1000 * MB, 900 * MB, LATER)).isEqualTo(new Step.End());
    }

    @Test
    void aSmallFileKeepsWhatIsFree() {
        var giving = new GivingBack(0);
        assertThat(giving.next(16 * MB, MB, LATER)).isEqualTo(new Step.End());
    }

    @Test
    void gathersThenMovesMoreAtATimeUntilTheFileShrinks() {
        var giving = new GivingBack(0);
        assertThat(giving.next(1000 * MB, 100 * MB, 1)).isEqualTo(new Step.Gather());
        giving.gathered(true);
        assertThat(giving.next(1000 * MB, 100 * MB, 1)).isEqualTo(new Step.Gather());
        giving.gathered(false);
        assertThat(giving.next(1000 * MB, 100 * MB, 1)).isEqualTo(new Step.Shrink(1 << 20));
        assertThat(giving.next(1000 * MB, 100 * MB, 1)).isEqualTo(new Step.Shrink(2 << 20));
        assertThat(giving.next(900 * MB, 100 * MB, 1)).isEqualTo(new Step.Shrink(1 << 20));
        assertThat(giving.next(120 * MB, 100 * MB, LATER)).isEqualTo(new Step.End());
    }

    @Test
    void whatCannotBeMovedIsTriedForALimitedTime() {
        var giving = new GivingBack(0);
        int steps = 0;
        while (!(giving.next(200 * MB, MB, LATER) instanceof Step.End)) {
            giving.gathered(true);
            assertThat(++steps).isLessThan(1000);
        }
    }
}
