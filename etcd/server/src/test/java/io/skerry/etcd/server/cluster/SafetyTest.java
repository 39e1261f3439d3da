package io.skerry.etcd.server.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.server.consensus.RaftStatus.Member;
import io.skerry.etcd.server.membership.MemberList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetyTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Member voter(long id, boolean started) {
        return new Member(id, started ? "m" + id : "", List.of("http://h:" + id), List.of());
    }

    private static Safety safety(int started, int unstarted, Map<Long, Duration> connected) {
        var members = new ArrayList<Member>();
        for (int i = 1; i <= started + unstarted; i++) {
            members.add(voter(i, i <= started));
        }
        return new Safety(MemberList.initial(1, members), 1, connected::get);
    }

    @Test
    void clusterOfOneMayGetASecondWhateverElseHolds() {
        assertThatCode(() -> safety(1, 0, Map.of()).requireAdd(false)).doesNotThrowAnyException();
    }

    @Test
    void noVoterIsAddedWhileTooFewHaveStarted() {
        assertThatThrownBy(() -> safety(1, 1, Map.of(2L, LONG)).requireAdd(false))
                .hasMessageContaining("not enough started members");
    }

    @Test
    void nothingIsAddedUntilAllHaveBeenConnectedForLong() {
        var back = Map.of(2L, LONG, 3L, Duration.ofSeconds(4));
        assertThatThrownBy(() -> safety(3, 0, back).requireAdd(true))
                .hasMessageContaining("unhealthy cluster");
        assertThatThrownBy(() -> safety(3, 0, Map.of(2L, LONG)).requireAdd(false))
                .hasMessageContaining("unhealthy cluster");
        assertThatCode(() -> safety(3, 0, Map.of(2L, LONG, 3L, LONG)).requireAdd(true))
                .doesNotThrowAnyException();
    }

    @Test
    void deadMemberMayBeRemovedButNoLivingOneBesideIt() {
        var oneDead = safety(3, 0, Map.of(2L, LONG));
        assertThatCode(() -> oneDead.requireRemove(voter(3, true))).doesNotThrowAnyException();
        assertThatThrownBy(() -> oneDead.requireRemove(voter(2, true)))
                .hasMessageContaining("unhealthy cluster");
    }

    @Test
    void lastStartedMemberIsNotRemoved() {
        assertThatThrownBy(() -> safety(1, 0, Map.of()).requireRemove(voter(1, true)))
                .hasMessageContaining("not enough started members");
    }

    @Test
    void learnerIsRemovedAtAnyTime() {
        var learner = new Member(9, "", List.of("http://h:9"), List.of(), true);
        assertThatCode(() -> safety(1, 2, Map.of()).requireRemove(learner))
                .doesNotThrowAnyException();
    }
}
