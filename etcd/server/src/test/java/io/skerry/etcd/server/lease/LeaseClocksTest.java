package io.skerry.etcd.server.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.time.ManualClock;
import io.skerry.base.time.PauseAwareClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LeaseClocksTest {
    private static final Duration ELECTION = Duration.ofSeconds(1);

    private final ManualClock time = new ManualClock();
    private final LeaseClocks clocks = new LeaseClocks(time);

    private static Lease lease(long id, long ttlSeconds) {
        return new Lease(id, ttlSeconds, 0);
    }

    private List<Long> expiredAfter(Duration step) {
        time.advance(step);
        return clocks.takeExpired(100).leases();
    }

    @Test
    void leaseExpiresWhenItsTimeIsUpAndIsTakenOnce() {
        clocks.lead(1, List.of(), ELECTION);
        clocks.granted(lease(1, 10));
        assertThat(expiredAfter(Duration.ofMillis(9_999))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(1L);
        assertThat(expiredAfter(Duration.ofHours(1))).isEmpty();
    }

    @Test
    void renewedLeaseLivesItsWholeTimeAgain() {
        clocks.lead(1, List.of(), ELECTION);
        clocks.granted(lease(1, 10));
        time.advance(Duration.ofSeconds(9));
        assertThat(clocks.renew(1)).isEqualTo(new LeaseClocks.Renewal(10, false));
        assertThat(expiredAfter(Duration.ofMillis(9_999))).isEmpty();
        assertThat(clocks.remainingSeconds(1)).hasValue(0);
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(1L);
    }

    @Test
    void expiringLeaseIsNotRenewedUnlessItsEndFailed() {
        clocks.lead(1, List.of(), ELECTION);
        clocks.granted(lease(1, 10));
        time.advance(Duration.ofSeconds(10));
        var expired = clocks.takeExpired(100);
        assertThat(clocks.renew(1)).isNull();
        clocks.giveBack(expired);
        assertThat(clocks.renew(1)).isNotNull();
        assertThat(expiredAfter(Duration.ofSeconds(9))).isEmpty();
    }

    @Test
    void newLeaderGivesEachLeaseItsWholeTimeAndTheElections() {
        time.advance(Duration.ofHours(1));
        clocks.lead(2, List.of(lease(1, 10), new Lease(2, 600, 30)), ELECTION);
        assertThat(expiredAfter(Duration.ofMillis(10_999))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(1L);
        assertThat(expiredAfter(Duration.ofSeconds(20))).containsExactly(2L);
    }

    @Test
    void leaseCountsFromWhenItCanLastHaveBeenRenewed() {
        time.advance(Duration.ofHours(1));
        clocks.lead(2, List.of(lease(1, 10), new Lease(2, 600, 30)), ELECTION);
        time.advance(Duration.ofMillis(500));
        clocks.quietBefore(2, Duration.ofMillis(2_500));
        assertThat(expiredAfter(Duration.ofMillis(7_499))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(1L);
        // A checkpoint is in whole seconds: what was cut off must not be missing in the end.
        assertThat(expiredAfter(Duration.ofMillis(22_999))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(2L);
    }

    @Test
    void leaseKeepsAllItWasGivenWhenNobodyLedForLong() {
        time.advance(Duration.ofHours(1));
        clocks.lead(2, List.of(lease(1, 9)), ELECTION);
        clocks.quietBefore(2, Duration.ofMillis(3_001));
        assertThat(expiredAfter(Duration.ofMillis(9_999))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(1L);
    }

    @Test
    void silenceBeforeSaysNothingOfALeaseThatWasRenewedOrGrantedSince() {
        time.advance(Duration.ofHours(1));
        clocks.lead(2, List.of(lease(1, 10)), ELECTION);
        time.advance(Duration.ofSeconds(1));
        clocks.renew(1);
        clocks.granted(lease(2, 10));
        clocks.quietBefore(2, Duration.ofSeconds(3));
        assertThat(expiredAfter(Duration.ofMillis(9_999))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void leaseWhoseGrantCameFromTheLogAfterTheLastLeaderHasItsWholeTimeFromThen() {
        time.advance(Duration.ofHours(1));
        clocks.granted(lease(1, 10));
        time.advance(Duration.ofSeconds(1));
        clocks.lead(2, List.of(lease(1, 10)), ELECTION);
        clocks.quietBefore(2, Duration.ofSeconds(3));
        assertThat(expiredAfter(Duration.ofMillis(8_999))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(1L);
    }

    @Test
    void silenceBeforeAnotherTermCountsForNothing() {
        time.advance(Duration.ofHours(1));
        clocks.lead(3, List.of(lease(1, 10)), ELECTION);
        clocks.quietBefore(2, Duration.ofSeconds(2));
        assertThat(expiredAfter(Duration.ofMillis(10_999))).isEmpty();
        assertThat(expiredAfter(Duration.ofMillis(1))).containsExactly(1L);
    }

    @Test
    void demotedLeaderEndsNoLease() {
        clocks.lead(1, List.of(lease(1, 10)), ELECTION);
        time.advance(Duration.ofSeconds(60));
        clocks.stop();
        assertThat(clocks.takeExpired(100).leases()).isEmpty();
        assertThat(clocks.renew(1)).isNull();
    }

    @Test
    void whatAnEarlierTermTookIsNotGivenBackInALaterOne() {
        clocks.lead(1, List.of(lease(1, 10)), ELECTION);
        time.advance(Duration.ofSeconds(60));
        var expired = clocks.takeExpired(100);
        clocks.lead(2, List.of(lease(1, 10)), ELECTION);
        clocks.giveBack(expired);
        assertThat(clocks.takeExpired(100).leases()).isEmpty();
        assertThat(expired.term()).isEqualTo(1);
    }

    @Test
    void checkpointMustBeClearedBeforeARenewalIsAnswered() {
        clocks.lead(1, List.of(lease(1, 600), lease(2, 10)), ELECTION);
        time.advance(Duration.ofSeconds(301));
        assertThat(clocks.checkpoint(300)).containsExactly(Map.entry(1L, 300L));
        assertThat(clocks.renew(1)).isEqualTo(new LeaseClocks.Renewal(600, true));
        clocks.checkpointCleared(1);
        assertThat(clocks.renew(1)).isEqualTo(new LeaseClocks.Renewal(600, false));
    }

    @Test
    void frozenProcessEndsNoLease() {
        var tick = Duration.ofMillis(100);
        var clock = new PauseAwareClock(time, tick, Duration.ofMillis(500));
        var frozen = new LeaseClocks(clock.exact());
        frozen.lead(1, List.of(), ELECTION);
        frozen.granted(lease(1, 10));
        time.advance(Duration.ofMinutes(5));
        clock.tick();
        assertThat(frozen.takeExpired(100).leases()).isEmpty();
        assertThat(frozen.remainingSeconds(1)).hasValue(9);
    }

    @Test
    void leaseThatIsRenewedBetweenTwoTicksLivesItsWholeTime() {
        var clock = new PauseAwareClock(time, Duration.ofMillis(100), Duration.ofMillis(500));
        var ticking = new LeaseClocks(clock.exact());
        ticking.lead(1, List.of(lease(1, 2)), Duration.ZERO);
        time.advance(Duration.ofMillis(450));
        ticking.renew(1);
        for (int i = 0; i < 19; i++) {
            time.advance(Duration.ofMillis(100));
            clock.tick();
        }
        time.advance(Duration.ofMillis(99));
        assertThat(ticking.takeExpired(100).leases()).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(ticking.takeExpired(100).leases()).containsExactly(1L);
    }

    @Test
    void manyLeasesEndInOrderAndInBatches() {
        clocks.lead(1, List.of(), ELECTION);
        LongStream.rangeClosed(1, 100_000).forEach(id -> clocks.granted(lease(id, 10)));
        LongStream.rangeClosed(1, 100_000).filter(id -> id % 2 == 0).forEach(clocks::renew);
        LongStream.rangeClosed(1, 10_000).forEach(clocks::revoked);
        time.advance(Duration.ofSeconds(10));
        assertThat(clocks.takeExpired(1000).leases()).hasSize(1000).doesNotContain(10_000L);
        assertThat(clocks.takeExpired(100_000).leases()).hasSize(89_000);
        assertThat(clocks.takeExpired(100_000).leases()).isEmpty();
    }
}
