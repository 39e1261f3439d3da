package io.skerry.etcd.server;

import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.RaftLog;
import io.skerry.etcd.server.consensus.Roster;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.membership.Beginning;
import io.skerry.etcd.server.membership.MemberChange;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.util.List;

/**
 * Who belongs to the cluster for a member: what its log says, and until the log has come to the
 * member itself, what it began with.
 *
 * @param alone whether all others are left out, since the member is to go on without them
 */
record CurrentMembers(Beginning beginning, EtcdStateMachine store, boolean alone) {

    /** Whom this member works with; of those who are to be left out none, from the start. */
    MemberList current() {
        return of(store.members());
    }

    /** What the log says, so that nobody is told of a removal that a power cut might undo. */
    MemberList known() {
        return known(store.members());
    }

    private MemberList known(MemberList stored) {
        return knows(stored) ? stored : beginning.members();
    }

    private MemberList of(MemberList stored) {
        MemberList list = known(stored);
        if (!alone || list.find(beginning.memberId()) == null) {
            return list;
        }
        try {
            return list.after(new MemberChange.Alone(beginning.memberId()));
        } catch (GrpcException e) {
            throw new IllegalStateException("a member of the list cannot stand alone", e);
        }
    }

    private boolean knows(MemberList stored) {
        return stored.find(beginning.memberId()) != null
                || stored.removed().contains(beginning.memberId());
    }

    /** For consensus. */
    Roster roster() {
        return roster(store.members());
    }

    private Roster roster(MemberList stored) {
        return of(stored).roster(knows(stored));
    }

    /** Tells the log of every change. */
    ApplyListener tell(RaftLog log) {
        return new ApplyListener() {
            @Override
            public void membersChanged(MemberList members) {
                log.roster(roster(members));
            }

            @Override
            public void applied(List<Change> changes, long revision) {}

            @Override
            public void replaced(long revision) {}

            @Override
            public void leaseGranted(Lease lease) {}

            @Override
            public void leaseRevoked(long id) {}

            @Override
            public void leadership(long term, boolean leader) {}
        };
    }
}
