package io.skerry.etcd.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.server.consensus.RaftStatus.Member;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.etcd.server.membership.MemberList;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Joining by what scripted members tell. */
class BootstrapTest {
    private static final InitialCluster CLUSTER =
            InitialCluster.parse(
                    "t", "a=http://10.0.0.1:2380,b=http://10.0.0.2:2380,c=http://10.0.0.3:2380");
    private static final Member A = new Member(1, "a", CLUSTER.urls("a"), List.of("http://a:2379"));
    private static final Member B = new Member(2, "b", CLUSTER.urls("b"), List.of("http://b:2379"));
    private static final Member ADDED = new Member(3, "", CLUSTER.urls("c"), List.of());

    /** Of one that has not applied the addition yet. */
    private static final MemberList BEHIND = MemberList.initial(9, List.of(A, B));

    private static final MemberList NEWEST = MemberList.initial(9, List.of(A, B, ADDED));

    private final AtomicInteger asked = new AtomicInteger();

    private Bootstrap told(IntFunction<List<MemberList>> answers) {
        return new Bootstrap(
                "c", others -> answers.apply(asked.incrementAndGet()), Duration.ofMillis(1));
    }

    @Test
    void joinsByTheAnswerOfOneWhoKnowsWhenAnotherIsBehind() throws Exception {
        assertThat(told(_ -> List.of(BEHIND, NEWEST)).join(CLUSTER).memberId()).isEqualTo(3);
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksAgainWhileAllAreBehind() throws Exception {
        var bootstrap = told(time -> time < 3 ? List.of(BEHIND, BEHIND) : List.of(BEHIND, NEWEST));
        assertThat(bootstrap.join(CLUSTER).members()).isEqualTo(NEWEST);
        assertThat(asked).hasValue(3);
    }

    @Test
    void asksForLongerWhileOneIsCutOffWhoMayKnow() throws Exception {
        var bootstrap = told(time -> time < 20 ? List.of(BEHIND) : List.of(BEHIND, NEWEST));
        assertThat(bootstrap.join(CLUSTER).memberId()).isEqualTo(3);
    }

    @Test
    void asksForLongerWhileAllAreSilent() throws Exception {
        var bootstrap = told(time -> time < 20 ? List.of() : List.of(NEWEST));
        assertThat(bootstrap.join(CLUSTER).memberId()).isEqualTo(3);
    }

    @Test
    void oneWhomNobodyAddedIsRefused() {
        assertThatThrownBy(() -> told(_ -> List.of(BEHIND, BEHIND)).join(CLUSTER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("member count is unequal");
    }

    @Test
    void oneToWhomNobodyAnswersIsToldSo() {
        assertThatThrownBy(() -> told(_ -> List.of()).join(CLUSTER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot fetch cluster info");
    }
}
