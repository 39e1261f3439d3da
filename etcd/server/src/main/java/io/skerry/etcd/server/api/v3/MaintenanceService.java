package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmResponse;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.HashKVResponse;
import io.etcd.jetcd.api.HashRequest;
import io.etcd.jetcd.api.HashResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.mvcc.ContentHash;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.Refusal;
import io.skerry.etcd.server.store.RefusedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is served of {@code etcdserverpb.Maintenance}: status, hashes, an empty list of alarms. */
final class MaintenanceService {
    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final Calls calls;
    private final Identity identity;

    MaintenanceService(EtcdStateMachine store, ReplicatedLog log, Calls calls, Identity identity) {
        this.store = store;
        this.log = log;
        this.calls = calls;
        this.identity = identity;
    }

    void register(GrpcRouter router) {
        router.unary(EtcdMethods.STATUS, this::status)
                .unary(EtcdMethods.ALARM, this::alarm)
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
                        .setRaftIndex(status.committedIndex())
                        .setRaftTerm(status.term())
                        .setRaftAppliedIndex(status.appliedIndex());
        if (status.leaderId() == 0) {
            response.addErrors(Refusal.NO_LEADER.message());
        }
        return CompletableFuture.completedFuture(response.build().toByteString());
    }

    /** There are no alarms, so listing and disarming them is simple; raising one is not served. */
    private CompletionStage<ByteString> alarm(AlarmRequest request, GrpcContext context) {
        if (request.getAction() == AlarmRequest.AlarmAction.ACTIVATE) {
            return CompletableFuture.failedFuture(
                    new GrpcException(
                            GrpcCode.UNIMPLEMENTED,
                            "etcdserver: raising alarms is not supported by this server"));
        }
        return CompletableFuture.completedFuture(
                AlarmResponse.newBuilder()
                        .setHeader(identity.header(store.revision()))
                        .build()
                        .toByteString());
    }

    private CompletionStage<ByteString> hash(HashRequest request, GrpcContext context) {
        return calls.onReadThread(() -> {
            var hash = contentHash(0);
            return HashResponse.newBuilder()
                    .setHeader(identity.header(hash.revision()))
                    .setHash(hash.hash())
                    .build()
                    .toByteString();
        });
    }

    private CompletionStage<ByteString> hashKeys(HashKVRequest request, GrpcContext context) {
        return calls.onReadThread(() -> {
            var hash = contentHash(request.getRevision());
            return HashKVResponse.newBuilder()
                    .setHeader(identity.header(store.revision()))
                    .setHash(hash.hash())
                    .setCompactRevision(hash.compactRevision())
                    .build()
                    .toByteString();
        });
    }

    private ContentHash contentHash(long revision) throws RefusedException {
        var view = store.view();
        try {
            long at = revision == 0 ? view.revision() : revision;
            if (at > view.revision()) {
                throw new RefusedException(Refusal.FUTURE_REVISION);
            }
            if (at < view.compactRevision()) {
                throw new RefusedException(Refusal.COMPACTED);
            }
            return ContentHash.of(view, at);
        } finally {
            view.release();
        }
    }
}
