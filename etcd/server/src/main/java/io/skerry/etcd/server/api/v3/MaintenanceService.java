package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.DefragmentResponse;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.HashKVResponse;
import io.etcd.jetcd.api.HashRequest;
import io.etcd.jetcd.api.HashResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.Refusal;
import io.skerry.etcd.server.store.UnknownFields;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Status, hashes and defragmentation of {@code etcdserverpb.Maintenance}. */
final class MaintenanceService {
    private static final String STORAGE_VERSION = "3.5.0";

    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final Calls calls;
    private final Identity identity;
    private final long quotaBytes;

    /**
     * @param quotaBytes what {@code Status} tells of it; 0 for none
     */
    MaintenanceService(
            EtcdStateMachine store,
            ReplicatedLog log,
            Calls calls,
            Identity identity,
            long quotaBytes) {
        this.store = store;
        this.log = log;
        this.calls = calls;
        this.identity = identity;
        this.quotaBytes = quotaBytes;
    }

    void register(GrpcRouter router) {
        router.unary(EtcdMethods.STATUS, this::status)
                .unary(EtcdMethods.DEFRAGMENT, this::defragment)
                .unary(EtcdMethods.HASH, this::hash)
                .unary(EtcdMethods.HASH_KV, this::hashKeys);
    }

    private CompletionStage<ByteString> status(StatusRequest request, GrpcContext context) {
        var status = log.status();
        var response =
                StatusResponse.newBuilder()
                        .setHeader(identity.header(store.revision()))
                        .setVersion(EtcdApi.VERSION)
                        .setDbSize(store.fileBytes())
                        .setDbSizeInUse(store.fileBytesInUse())
                        .setLeader(status.leaderId())
                        .setIsLearner(status.learner())
                        .setRaftIndex(status.committedIndex())
                        .setRaftTerm(status.term())
                        .setRaftAppliedIndex(status.appliedIndex());
        if (status.leaderId() == 0) {
            response.addErrors(Refusal.NO_LEADER.message());
        }
        for (var alarm : store.alarms()) {
            response.addErrors(
                    "memberID:%s alarm:%s "
                            .formatted(Long.toUnsignedString(alarm.memberId()), alarm.kind()));
        }
        var newer = UnknownFieldSet.newBuilder();
        newer.addField(
                UnknownFields.STATUS_STORAGE_VERSION,
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(
                                ByteString.copyFrom(STORAGE_VERSION, StandardCharsets.US_ASCII))
                        .build());
        if (quotaBytes > 0) {
            newer.addField(UnknownFields.STATUS_QUOTA, varint(quotaBytes));
        }
        response.setUnknownFields(newer.build());
        return CompletableFuture.completedFuture(response.build().toByteString());
    }

    private static UnknownFieldSet.Field varint(long number) {
        return UnknownFieldSet.Field.newBuilder().addVarint(number).build();
    }

    private CompletionStage<ByteString> defragment(DefragmentRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ ->
                        calls.onReadThread(() -> {
                            store.defragment();
                            // etcd's answer has no header at all.
                            return DefragmentResponse.getDefaultInstance().toByteString();
                        }));
    }

    private CompletionStage<ByteString> hash(HashRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ ->
                        calls.onReadThread(() -> {
                            var hash = store.contentHash(0);
                            return HashResponse.newBuilder()
                                    .setHeader(identity.header(hash.revision()))
                                    .setHash(hash.hash())
                                    .build()
                                    .toByteString();
                        }));
    }

    private CompletionStage<ByteString> hashKeys(HashKVRequest request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT)
                .thenCompose(_ ->
                        calls.onReadThread(() -> {
                            var hash = store.contentHash(request.getRevision());
                            return HashKVResponse.newBuilder()
                                    .setHeader(identity.header(store.revision()))
                                    .setHash(hash.hash())
                                    .setCompactRevision(hash.compactRevision())
                                    .setUnknownFields(
                                            UnknownFieldSet.newBuilder()
                                                    .addField(
                                                            UnknownFields.HASH_REVISION,
                                                            varint(hash.revision()))
                                                    .build())
                                    .build()
                                    .toByteString();
                        }));
    }
}
