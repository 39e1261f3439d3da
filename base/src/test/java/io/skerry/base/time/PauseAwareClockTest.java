package io.skerry.base.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseAwareClockTest {
    private final ManualClock source = new ManualClock();
    private final PauseAwareClock clock =
            new PauseAwareClock(source, Duration.ofMillis(100), Duration.ofMillis(500));

    private Duration tickAfter(long millis) {
        source.advance(Duration.ofMillis(millis));
        return clock.tick();
    }

    @Test
    void countsLateTicksWholeAndPausesAsOneInterval() {
        assertThat(tickAfter(100)).isZero();
        assertThat(tickAfter(450)).isZero();
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(550));
        assertThat(tickAfter(60_000)).isEqualTo(Duration.ofMillis(59_900));
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(650));
    }

    @Test
    void exactTimeDoesNotStandStillBetweenTicks() {
        var exact = clock.exact();
        tickAfter(100);
        source.advance(Duration.ofMillis(60));
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(100));
        assertThat(exact.now()).isEqualTo(Duration.ofMillis(160));
        source.advance(Duration.ofMinutes(1));
        assertThat(exact.now()).isEqualTo(Duration.ofMillis(260));
    }

    @Test
    void ticksByItselfWhenAsked() {
        var real =
                new PauseAwareClock(
                        MonotonicClock.system(), Duration.ofMillis(1), Duration.ofSeconds(10));
        try (var _ = real.startTicking("test-ticker")) {
            while (real.now().isZero()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> source.advance(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
