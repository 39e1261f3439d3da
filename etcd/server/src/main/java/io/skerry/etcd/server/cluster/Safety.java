package io.skerry.etcd.server.cluster;

import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.membership.MemberRefusal;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether a change keeps the cluster's quorum, judged as etcd does. Pure.
 *
 * @param members those there are
 * @param self the member that judges
 * @param connectedFor for how long a peer has been connected; null if it is not
 */
record Safety(MemberList members, long self, LongFunction<@Nullable Duration> connectedFor) {
    /** For how long a member must have been connected to count as healthy. */
    static final Duration HEALTHY_AFTER = Duration.ofSeconds(5);

    void requireAdd(boolean learner) throws GrpcException {
        List<Member> voters = members.voters();
        if (!learner) {
            long started = voters.stream().filter(Member::started).count();
            int after = voters.size() + 1;
            // A cluster of one may always get a second.
            boolean firstOfMore = started == 1 && after == 2;
            if (!firstOfMore && started < quorum(after)) {
                throw MemberRefusal.NOT_ENOUGH_STARTED.exception();
            }
        }
        if (!voters.stream().allMatch(this::healthy)) {
            throw MemberRefusal.UNHEALTHY.exception();
        }
    }

    void requireRemove(Member gone) throws GrpcException {
        if (gone.learner()) {
            return;
        }
        List<Member> left = members.voters().stream().filter(m -> m.id() != gone.id()).toList();
        if (left.stream().filter(Member::started).count() < quorum(left.size())) {
            throw MemberRefusal.NOT_ENOUGH_STARTED.exception();
        }
        boolean down = gone.id() != self && connectedFor.apply(gone.id()) == null;
        if (!down
                && members.voters().stream().filter(this::healthy).count() - 1
                        < quorum(left.size())) {
            throw MemberRefusal.UNHEALTHY.exception();
        }
    }

    void requirePromote() throws GrpcException {
        long started = 1 + members.voters().stream().filter(Member::started).count();
        if (started < quorum(members.voters().size() + 1)) {
            throw MemberRefusal.NOT_ENOUGH_STARTED.exception();
        }
    }

    private boolean healthy(Member member) {
        if (member.id() == self) {
            return true;
        }
        Duration connected = connectedFor.apply(member.id());
        return connected != null && connected.compareTo(HEALTHY_AFTER) >= 0;
    }

    private static int quorum(int voters) {
        return voters / 2 + 1;
    }
}
