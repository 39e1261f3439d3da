package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.server.compaction.AutoCompaction;
import io.skerry.etcd.server.compaction.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Automatic compaction in virtual time. */
class AutoCompactionTest {
    private record Done(Duration at, long revision) {}

    /** Asks for as long as told; each minute writes ten revisions. */
    private static List<Done> run(Retention retention, Duration length, boolean leader) {
        var compaction = new AutoCompaction(retention, Duration.ZERO);
        var done = new ArrayList<Done>();
        for (Duration now = compaction.interval();
                now.compareTo(length) <= 0;
                now = now.plus(compaction.interval())) {
            var target = compaction.decide(now, now.toMinutes() * 10, leader);
            if (target.isPresent()) {
                compaction.compacted(target.getAsLong(), now);
                done.add(new Done(now, target.getAsLong()));
            }
        }
        return done;
    }

    @Test
    void keepsAnHourWhenAnHourIsToBeKept() {
        assertThat(run(Retention.parse("periodic", "1"), Duration.ofMinutes(190), true))
                .containsExactly(
                        new Done(Duration.ofMinutes(60), 60),
                        new Done(Duration.ofMinutes(120), 600),
                        new Done(Duration.ofMinutes(180), 1200));
    }

    @Test
    void keepsManyHoursAndCompactsEachHour() {
        assertThat(run(Retention.parse("periodic", "3h"), Duration.ofMinutes(310), true))
                .containsExactly(
                        new Done(Duration.ofMinutes(180), 60),
                        new Done(Duration.ofMinutes(240), 600),
                        new Done(Duration.ofMinutes(300), 1200));
    }

    @Test
    void compactsOncePerPeriodThatIsShorterThanAnHour() {
        assertThat(run(Retention.parse("periodic", "10m"), Duration.ofMinutes(35), true))
                .containsExactly(
                        new Done(Duration.ofMinutes(10), 10),
                        new Done(Duration.ofMinutes(20), 100),
                        new Done(Duration.ofMinutes(30), 200));
    }

    @Test
    void keepsRevisionsAndLooksEveryFiveMinutes() {
        assertThat(run(Retention.parse("revision", "100"), Duration.ofMinutes(21), true))
                .containsExactly(
                        new Done(Duration.ofMinutes(15), 50),
                        new Done(Duration.ofMinutes(20), 100));
    }

    @Test
    void followersAndThoseWhoKeepEverythingNeverCompact() {
        assertThat(run(Retention.parse("periodic", "1m"), Duration.ofHours(3), false)).isEmpty();
        assertThat(run(Retention.parse("periodic", "0"), Duration.ofHours(3), true)).isEmpty();
    }

    @Test
    void whoFailedToCompactIsToldTheSameAtTheNextInterval() {
        var compaction = new AutoCompaction(Retention.parse("periodic", "10m"), Duration.ZERO);
        assertThat(compaction.decide(Duration.ofMinutes(10), 50, true)).hasValue(50);
        assertThat(compaction.decide(Duration.ofMinutes(11), 60, true)).hasValue(50);
    }

    @Test
    void wrongWordsAreRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> Retention.parse("hourly", "1"))
                .hasMessageContaining("must be periodic or revision");
        assertThatThrownBy(() -> Retention.parse("periodic", "1x"))
                .hasMessageContaining("must be hours as a number, or a duration like");
        assertThatThrownBy(() -> Retention.parse("revision", "1h"))
                .hasMessageContaining("must be a number of revisions");
    }
}
