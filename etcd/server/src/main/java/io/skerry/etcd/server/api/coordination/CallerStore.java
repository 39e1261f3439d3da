package io.skerry.etcd.server.api.coordination;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.RouterCalls;
import io.skerry.etcd.client.EtcdMethods;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The store as one caller may use it. Its calls wait, and end early with CANCELLED when the caller
 * has gone.
 */
final class CallerStore {
    private final RouterCalls calls;
    private final GrpcContext caller;
    private final CompletableFuture<Void> gone;

    /**
     * @param gone completes when the caller waits no more
     */
    CallerStore(RouterCalls calls, GrpcContext caller, CompletableFuture<Void> gone) {
        this.calls = calls;
        this.caller = caller;
        this.gone = gone;
    }

    /** The same caller, for what must be done although it has gone. */
    CallerStore afterwards() {
        return new CallerStore(calls, caller, new CompletableFuture<>());
    }

    RangeResponse range(RangeRequest request) throws GrpcException {
        return call(EtcdMethods.RANGE, request);
    }

    RangeResponse get(ByteString key) throws GrpcException {
        return range(RangeRequest.newBuilder().setKey(key).build());
    }

    TxnResponse txn(TxnRequest request) throws GrpcException {
        return call(EtcdMethods.TXN, request);
    }

    long grantLease(long ttlSeconds) throws GrpcException {
        return call(
                        EtcdMethods.LEASE_GRANT,
                        LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build())
                .getID();
    }

    <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
            throws GrpcException {
        var answer =
                calls.unary(method.path(), request.toByteString(), caller).toCompletableFuture();
        await(answer);
        try {
            return method.responses().parseFrom(answer.join());
        } catch (CompletionException | CancellationException e) {
            throw GrpcException.from(e);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new GrpcException(GrpcCode.INTERNAL, "malformed response of " + method.path(), e);
        }
    }

    /** Waits until it is done in whichever way, or the caller has gone. */
    void await(CompletableFuture<?> done) throws GrpcException {
        CompletableFuture.anyOf(done.handle((_, _) -> true), gone).join();
        if (!done.isDone()) {
            throw new GrpcException(GrpcCode.CANCELLED, "context canceled");
        }
    }

    /** Opens a watch in the caller's name. */
    KeyWatch watch(ByteString key, ByteString rangeEnd, long fromRevision) {
        return KeyWatch.open(calls, caller, key, rangeEnd, fromRevision);
    }

    /** A condition that the key was created at this revision; 0: that it does not exist. */
    static Compare createdAt(ByteString key, long revision) {
        return Compare.newBuilder()
                .setKey(key)
                .setTarget(Compare.CompareTarget.CREATE)
                .setResult(Compare.CompareResult.EQUAL)
                .setCreateRevision(revision)
                .build();
    }

    static RequestOp put(ByteString key, ByteString value, long lease) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
                .build();
    }

    static RequestOp get(RangeRequest range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }
}
