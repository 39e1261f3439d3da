package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberListResponse;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The service {@code etcdserverpb.Cluster}; the members are those the cluster began with. */
final class ClusterService {
    private final ReplicatedLog log;
    private final Identity identity;

    ClusterService(ReplicatedLog log, Identity identity) {
        this.log = log;
        this.identity = identity;
    }

    void register(GrpcRouter router) {
        router.unary(EtcdMethods.MEMBER_LIST, this::list);
    }

    /** etcd leaves the revision out of this header. */
    private CompletionStage<ByteString> list(MemberListRequest request, GrpcContext context) {
        var response = MemberListResponse.newBuilder().setHeader(identity.header(0));
        for (var member : log.status().members()) {
            response.addMembers(
                    Member.newBuilder()
                            .setID(member.id())
                            .setName(member.name())
                            .addAllPeerURLs(member.peerUrls())
                            .addAllClientURLs(member.clientUrls()));
        }
        return CompletableFuture.completedFuture(response.build().toByteString());
    }
}
