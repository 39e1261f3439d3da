package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberAddRequest;
import io.etcd.jetcd.api.MemberAddResponse;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberListResponse;
import io.etcd.jetcd.api.MemberPromoteRequest;
import io.etcd.jetcd.api.MemberPromoteResponse;
import io.etcd.jetcd.api.MemberRemoveRequest;
import io.etcd.jetcd.api.MemberRemoveResponse;
import io.etcd.jetcd.api.MemberUpdateRequest;
import io.etcd.jetcd.api.MemberUpdateResponse;
import io.etcd.jetcd.api.MoveLeaderRequest;
import io.etcd.jetcd.api.MoveLeaderResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.cluster.ClusterChanges;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.membership.MemberRefusal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The service {@code etcdserverpb.Cluster}, and of {@code Maintenance} what is about the cluster.
 * etcd leaves the revision out of these headers.
 */
final class ClusterService {
    private final ReplicatedLog log;
    private final Calls calls;
    private final ClusterChanges changes;
    private final Identity identity;

    ClusterService(ReplicatedLog log, Calls calls, ClusterChanges changes, Identity identity) {
        this.calls = calls;
        this.log = log;
        this.changes = changes;
        this.identity = identity;
    }

    /** Registers the methods, and the refusal of all that learners do not serve. */
    void register(GrpcRouter router) {
        router.guard(this::refusalOfLearner)
                .unary(EtcdMethods.MEMBER_ADD, this::add)
                .unary(EtcdMethods.MEMBER_REMOVE, this::remove)
                .unary(EtcdMethods.MEMBER_UPDATE, this::update)
                .unary(EtcdMethods.MEMBER_PROMOTE, this::promote)
                .unary(EtcdMethods.MEMBER_LIST, this::list)
                .unary(EtcdMethods.MOVE_LEADER, this::moveLeader);
    }

    /** A learner serves its status, snapshots, and reads that need not be the latest. */
    private @Nullable GrpcException refusalOfLearner(String path, @Nullable MessageLite request) {
        if (!log.status().learner()) {
            return null;
        }
        boolean served =
                request instanceof StatusRequest
                        || (request instanceof RangeRequest range && range.getSerializable())
                        || path.equals(EtcdMethods.SNAPSHOT.path());
        return served ? null : MemberRefusal.NOT_FOR_LEARNERS.exception();
    }

    private CompletionStage<ByteString> add(MemberAddRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ -> changes.add(request.getPeerURLsList(), request.getIsLearner()))
                .thenApply(added ->
                        MemberAddResponse.newBuilder()
                                .setHeader(identity.header(0))
                                .setMember(message(added.member()))
                                .addAllMembers(messages(added.members()))
                                .build()
                                .toByteString());
    }

    private CompletionStage<ByteString> remove(MemberRemoveRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ -> changes.remove(request.getID()))
                .thenApply(list ->
                        MemberRemoveResponse.newBuilder()
                                .setHeader(identity.header(0))
                                .addAllMembers(messages(list))
                                .build()
                                .toByteString());
    }

    private CompletionStage<ByteString> update(MemberUpdateRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ -> changes.update(request.getID(), request.getPeerURLsList()))
                .thenApply(list ->
                        MemberUpdateResponse.newBuilder()
                                .setHeader(identity.header(0))
                                .addAllMembers(messages(list))
                                .build()
                                .toByteString());
    }

    private CompletionStage<ByteString> promote(MemberPromoteRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ -> changes.promote(request.getID()))
                .thenApply(list ->
                        MemberPromoteResponse.newBuilder()
                                .setHeader(identity.header(0))
                                .addAllMembers(messages(list))
                                .build()
                                .toByteString());
    }

    private CompletionStage<ByteString> list(MemberListRequest request, GrpcContext context) {
        return changes.list(linearizable(request))
                .thenApply(list ->
                        MemberListResponse.newBuilder()
                                .setHeader(identity.header(0))
                                .addAllMembers(messages(list))
                                .build()
                                .toByteString());
    }

    /** Field 1, which the published classes lack. */
    private static boolean linearizable(MemberListRequest request) {
        var values = request.getUnknownFields().getField(1).getVarintList();
        return !values.isEmpty() && values.getLast() != 0;
    }

    private CompletionStage<ByteString> moveLeader(MoveLeaderRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ -> changes.moveLeader(request.getTargetID()))
                .thenApply(_ ->
                        MoveLeaderResponse.newBuilder()
                                .setHeader(identity.header(0))
                                .build()
                                .toByteString());
    }

    private static List<Member> messages(MemberList list) {
        return list.members().stream().map(ClusterService::message).toList();
    }

    private static Member message(RaftStatus.Member member) {
        return Member.newBuilder()
                .setID(member.id())
                .setName(member.name())
                .addAllPeerURLs(member.peerUrls())
                .addAllClientURLs(member.clientUrls())
                .setIsLearner(member.learner())
                .build();
    }
}
