package io.skerry.etcd.server.consensus.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaderContactTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock time = new ManualClock();
    private final LeaderContact contact = new LeaderContact(time);

    @Test
    void silenceBeginsWithTheLastWordOfAnEarlierLeader() {
        contact.hears(3);
        time.advance(SECOND);
        contact.hears(3);
        time.advance(SECOND);
        contact.hears(4);
        time.advance(SECOND);
        contact.hears(4);
        assertThat(contact.silenceBefore(4)).isEqualTo(Duration.ofSeconds(2));
        assertThat(contact.silenceBefore(5)).isZero();
    }

    @Test
    void whoHasNotHeardOfTheNewLeaderTellsOfTheOldOne() {
        contact.hears(3);
        time.advance(SECOND);
        assertThat(contact.silenceBefore(4)).isEqualTo(SECOND);
    }

    @Test
    void belatedWordOfAnEarlierLeaderCounts() {
        contact.hears(4);
        time.advance(SECOND);
        contact.hears(3);
        time.advance(SECOND);
        assertThat(contact.silenceBefore(4)).isEqualTo(SECOND);
    }

    @Test
    void whatWasBeforeTheStartIsTakenToHaveBeenAtTheStart() {
        time.advance(SECOND);
        contact.hears(4);
        time.advance(SECOND);
        assertThat(contact.silenceBefore(4)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void ownLeadingCountsUntilItHasCeased() {
        contact.leads(3);
        time.advance(SECOND);
        assertThat(contact.silenceBefore(4)).isZero();
        time.advance(SECOND);
        contact.leadsNoLonger();
        time.advance(SECOND);
        contact.hears(4);
        time.advance(SECOND);
        assertThat(contact.silenceBefore(4)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void nothingIsSaidOfALeaderThatHasASuccessor() {
        contact.hears(5);
        assertThat(contact.silenceBefore(4)).isNull();
    }
}
