package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.auth.RequestAccess;
import io.skerry.etcd.server.store.Answers;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.RangeAnswer;
import io.skerry.etcd.server.store.ReadOnlyTxn;
import io.skerry.etcd.server.store.RefusedException;
import io.skerry.etcd.server.store.RequestChecks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The service {@code etcdserverpb.KV}. */
final class KvService {
    private final EtcdStateMachine store;
    private final Calls calls;
    private final Identity identity;

    KvService(EtcdStateMachine store, Calls calls, Identity identity) {
        this.store = store;
        this.calls = calls;
        this.identity = identity;
    }

    void register(GrpcRouter router) {
        router.unary(EtcdMethods.RANGE, this::range)
                .unary(EtcdMethods.PUT, this::put)
                .unary(EtcdMethods.DELETE_RANGE, this::deleteRange)
                .unary(EtcdMethods.TXN, this::txn)
                .unary(EtcdMethods.COMPACT, this::compact);
    }

    private CompletionStage<ByteString> range(RangeRequest request, GrpcContext context) {
        try {
            RequestChecks.check(request);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e.refusal().exception());
        }
        return calls.read(
                context,
                !request.getSerializable(),
                (state, caller, view) ->
                        new RequestAccess(state, caller, view::keysOf).range(request),
                now ->
                        timed(
                                request,
                                () ->
                                        Answers.range(
                                                identity.encodedHeader(now.view().revision()),
                                                RangeAnswer.read(now.view(), request),
                                                request.getKeysOnly())));
    }

    private CompletionStage<ByteString> put(PutRequest request, GrpcContext context) {
        return calls.propose(
                context, request, () -> RequestChecks.check(request), new Command.Put(request));
    }

    private CompletionStage<ByteString> deleteRange(
            DeleteRangeRequest request, GrpcContext context) {
        return calls.propose(
                context,
                request,
                () -> RequestChecks.check(request),
                new Command.DeleteRange(request));
    }

    private CompletionStage<ByteString> txn(TxnRequest request, GrpcContext context) {
        if (!ReadOnlyTxn.is(request)) {
            return calls.propose(
                    context,
                    request,
                    () -> RequestChecks.check(request, calls.limits()),
                    new Command.Txn(request));
        }
        try {
            RequestChecks.check(request, calls.limits());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e.refusal().exception());
        }
        return calls.read(
                context,
                !serializable(request),
                (state, caller, view) ->
                        new RequestAccess(state, caller, view::keysOf).txn(request),
                now ->
                        timed(
                                request,
                                () ->
                                        ReadOnlyTxn.run(
                                                request, now.view(), identity::encodedHeader)));
    }

    /** A read that may be refused. */
    private interface Read {
        ByteString run() throws RefusedException;
    }

    private ByteString timed(MessageLite request, Read read) throws RefusedException {
        if (request instanceof RangeRequest) {
            store.counts().range();
        } else {
            store.counts().txn();
        }
        long before = System.nanoTime();
        ByteString response = read.run();
        long nanos = System.nanoTime() - before;
        if (nanos >= store.slow().limitNanos()) {
            store.slow().read(request, response, nanos);
        }
        return response;
    }

    /**
     * Whether nothing in it asks for the latest state. What has no operations cannot say, and its
     * compares may be what somebody relies on; etcd answers it from whatever the member has.
     */
    private static boolean serializable(TxnRequest request) {
        return request.getSuccessCount() + request.getFailureCount() > 0
                && request.getSuccessList().stream().allMatch(KvService::serializable)
                && request.getFailureList().stream().allMatch(KvService::serializable);
    }

    private static boolean serializable(RequestOp operation) {
        return operation.hasRequestTxn()
                ? serializable(operation.getRequestTxn())
                : operation.getRequestRange().getSerializable();
    }

    private CompletionStage<ByteString> compact(CompactionRequest request, GrpcContext context) {
        var done = calls.propose(context, request, () -> {}, new Command.Compact(request));
        if (!request.getPhysical()) {
            return done;
        }
        return done.thenCompose(response ->
                calls.onReadThread(() -> {
                    store.awaitCompacted(request.getRevision());
                    return response;
                }));
    }
}
