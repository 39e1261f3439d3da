package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;

/**
 * A leader's heartbeat that says nothing but how far the log is committed. It follows the entries
 * on the same connection, so the follower has them when it arrives.
 */
public final class CommitNotice {
    private CommitNotice() {}

    /**
     * Sends it if the peer is connected; there is no answer.
     *
     * @param term of the leader
     * @param index of the committed entry
     * @param entryTerm term of that entry
     */
    public static void send(
            PeerNetwork network,
            String groupId,
            long self,
            long peer,
            long term,
            long index,
            long entryTerm) {
        var notice =
                AppendEntriesRequest.newBuilder()
                        .setGroupId(groupId)
                        .setServerId(MemberName.of(self).toString())
                        .setPeerId(MemberName.of(peer).toString())
                        .setTerm(term)
                        .setPrevLogIndex(index)
                        .setPrevLogTerm(entryTerm)
                        .setCommittedIndex(index)
                        .build();
        network.tell(peer, Lane.CONSENSUS, MessageTypes.number(notice), notice);
    }
}
