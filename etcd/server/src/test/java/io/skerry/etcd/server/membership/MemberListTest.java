package io.skerry.etcd.server.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemberListTest {
    private static Member member(long id, String url, boolean learner) {
        return new Member(id, "", List.of(url), List.of(), learner);
    }

    private static MemberList two() {
        return MemberList.initial(
                7,
                List.of(
                        member(0xffff_ffff_ffff_fff0L, "http://h:2", false),
                        member(5, "http://h:1", false)));
    }

    private static void refused(MemberList list, MemberChange change, String message) {
        assertThatThrownBy(() -> list.after(change))
                .isInstanceOf(GrpcException.class)
                .hasMessage("etcdserver: " + message);
    }

    @Test
    void ordersMembersByUnsignedIds() {
        assertThat(two().members()).extracting(Member::id).containsExactly(5L, -16L);
    }

    @Test
    void survivesBeingWrittenAndRead() throws Exception {
        var list =
                two().after(new MemberChange.Add(member(9, "http://h:9", true)))
                        .after(new MemberChange.Publish(5, "five", List.of("http://c:1")))
                        .after(new MemberChange.Remove(-16))
                        .after(new MemberChange.Version(5));
        assertThat(MemberList.decode(list.encode())).isEqualTo(list);
        for (MemberChange change :
                List.of(
                        new MemberChange.Begin(list),
                        new MemberChange.Add(member(9, "http://h:9", true)),
                        new MemberChange.Remove(1),
                        new MemberChange.Update(1, List.of("http://h:1", "http://h:2")),
                        new MemberChange.Promote(1),
                        new MemberChange.Publish(1, "é", List.of()),
                        new MemberChange.Version(6),
                        new MemberChange.Downgrade(5),
                        new MemberChange.Alone(1))) {
            assertThat(MemberChange.decode(change.encode())).isEqualTo(change);
        }
    }

    @Test
    void nothingIsChangedBeforeTheListHasBegun() {
        refused(
                MemberList.empty(),
                new MemberChange.Add(member(9, "http://h:9", false)),
                "no leader");
        refused(MemberList.empty(), new MemberChange.Version(5), "no leader");
    }

    @Test
    void refusesWhatMayNotBeInEtcdsWords() throws Exception {
        refused(
                two(),
                new MemberChange.Add(member(5, "http://h:9", false)),
                "member ID already exist");
        refused(
                two(),
                new MemberChange.Add(member(9, "http://h:1", false)),
                "Peer URLs already exists");
        refused(
                two(),
                new MemberChange.Update(5, List.of("http://h:2")),
                "Peer URLs already exists");
        refused(two(), new MemberChange.Remove(1), "member not found");
        refused(two(), new MemberChange.Promote(5), "can only promote a learner member");
        var learning = two().after(new MemberChange.Add(member(9, "http://h:9", true)));
        var gone = learning.after(new MemberChange.Remove(9));
        assertThat(gone.removed()).isEqualTo(Set.of(9L));
        refused(
                gone,
                new MemberChange.Add(member(9, "http://h:9", false)),
                "member ID already exist");
    }

    @Test
    void leaderAllowsAsManyLearnersAsItWasTold() throws Exception {
        var one = two().after(new MemberChange.Add(member(9, "http://h:9", true)));
        assertThatThrownBy(() -> one.requireFewerLearnersThan(1))
                .hasMessageContaining("too many learner members in cluster");
        one.requireFewerLearnersThan(2);
        two().requireFewerLearnersThan(1);
    }

    @Test
    void beginsOnce() throws Exception {
        var begun = MemberList.empty().after(new MemberChange.Begin(two()));
        assertThat(begun).isEqualTo(two());
        assertThat(begun.after(new MemberChange.Begin(MemberList.empty()))).isEqualTo(two());
    }

    @Test
    void goesBackOneVersionOnly() throws Exception {
        var six = two().after(new MemberChange.Version(6));
        refused(six, new MemberChange.Downgrade(4), "invalid downgrade target version");
        refused(six, new MemberChange.Downgrade(0), "no inflight downgrade job");
        var down = six.after(new MemberChange.Downgrade(5));
        refused(down, new MemberChange.Downgrade(4), "invalid downgrade target version");
        refused(down, new MemberChange.Downgrade(5), "cluster has a downgrade job in progress");
        assertThat(down.after(new MemberChange.Downgrade(0)).downgradeTarget()).isZero();
    }
}
