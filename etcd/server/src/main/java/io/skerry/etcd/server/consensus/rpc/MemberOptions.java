package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.util.ThreadId;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import java.util.List;

/** The library's options for one member, with the network that this member alone uses. */
public final class MemberOptions extends NodeOptions {
    private final PeerNetwork network;
    private volatile List<ReplicatorGroup> groups = List.of();

    public MemberOptions(PeerNetwork network) {
        this.network = network;
    }

    PeerNetwork network() {
        return network;
    }

    void groups(List<ReplicatorGroup> registered) {
        groups = List.copyOf(registered);
    }

    /** Takes and gives back the library's lock of each peer that it replicates to. */
    public void tryLocks() {
        for (ReplicatorGroup group : groups) {
            for (ThreadId peer : group.listReplicators()) {
                if (peer.lock() != null) {
                    peer.unlock();
                }
            }
        }
    }
}
