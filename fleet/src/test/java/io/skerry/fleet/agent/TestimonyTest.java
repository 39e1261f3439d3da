package io.skerry.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.agent.Testimony.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestimonyTest {
    private static final Duration RECOVERY = Duration.ofSeconds(4);

    private final Testimony testimony = new Testimony();

    private boolean heard(long seconds, boolean storeAnswersOthers) {
        return heard(seconds, storeAnswersOthers ? Answer.YES : Answer.NO);
    }

    private boolean heard(long seconds, Answer answer) {
        Duration now = Duration.ofSeconds(seconds);
        testimony.heard(now, answer);
        return testimony.holds(now, RECOVERY);
    }

    @Test
    void ofOthersWhomTheStoreHasAnsweredAllAlongHoldsAtOnce() {
        assertThat(heard(1, true)).isTrue();
        assertThat(heard(2, true)).isTrue();
    }

    @Test
    void ofNobodyHoldsNothing() {
        assertThat(testimony.holds(Duration.ofSeconds(9), RECOVERY)).isFalse();
        assertThat(heard(10, false)).isFalse();
    }

    @Test
    void ofOthersWhomTheStoreHadLeftAsWellHoldsOnlyAfterAWhile() {
        assertThat(heard(1, false)).isFalse();
        assertThat(heard(2, true)).isFalse();
        assertThat(heard(5, true)).isFalse();
        assertThat(heard(6, true)).isTrue();
        assertThat(heard(7, false)).isFalse();
        assertThat(heard(8, true)).isFalse();
    }

    @Test
    void isNotDeniedByThoseWhoAreTooBusyToAnswer() {
        assertThat(heard(1, Answer.NOTHING)).isFalse();
        assertThat(heard(2, Answer.YES)).isTrue();
        assertThat(heard(3, Answer.NOTHING)).isTrue();
        assertThat(heard(4, Answer.NO)).isFalse();
        assertThat(heard(9, Answer.NOTHING)).isFalse();
    }

    @Test
    void isForgottenWithTheDoubt() {
        assertThat(heard(1, false)).isFalse();
        testimony.forget();
        assertThat(heard(2, true)).isTrue();
    }
}
