package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.option.NodeOptions;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;

/** The library's options for one member, with the network that this member alone uses. */
public final class MemberOptions extends NodeOptions {
    private final PeerNetwork network;

    public MemberOptions(PeerNetwork network) {
        this.network = network;
    }

    PeerNetwork network() {
        return network;
    }
}
