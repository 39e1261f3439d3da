package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.Refusal;
import io.skerry.etcd.server.store.RefusedException;
import io.skerry.etcd.server.store.RequestChecks;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What all services do the same way: refuse, propose, read on a thread that may wait. */
final class Calls {
    private static final String REQUIRE_LEADER = "hasleader";

    private final ReplicatedLog log;
    private final Identity identity;
    private final Executor reads;

    Calls(ReplicatedLog log, Identity identity, Executor reads) {
        this.log = log;
        this.identity = identity;
        this.reads = reads;
    }

    /** A check that may refuse a request. */
    @FunctionalInterface
    interface Check {
        void run() throws RefusedException;
    }

    /** Checks a request and proposes it; the response is completed with this member's identity. */
    CompletionStage<ByteString> propose(
            GrpcContext context, MessageLite request, Check check, Command command) {
        try {
            requireLeader(context);
            if (request.getSerializedSize() > RequestChecks.MAX_REQUEST_BYTES) {
                throw Refusal.REQUEST_TOO_LARGE.exception();
            }
            check.run();
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e.refusal().exception());
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
        return log.propose(command.encode()).thenCompose(this::answer);
    }

    private CompletionStage<ByteString> answer(CommandResult result) {
        if (result.code() != GrpcCode.OK) {
            return CompletableFuture.failedFuture(
                    new GrpcException(result.code(), result.message()));
        }
        return CompletableFuture.completedFuture(
                result.response().concat(identity.headerToAppend()));
    }

    /**
     * Reads after everything that was acknowledged before.
     *
     * @param linearizable false to read at once what this member has
     */
    CompletionStage<ByteString> read(
            GrpcContext context, boolean linearizable, Callable<ByteString> reader) {
        try {
            requireLeader(context);
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (!linearizable) {
            return onReadThread(reader);
        }
        return log.readIndex().thenCompose(_ -> onReadThread(reader));
    }

    /** Completes when a read would see everything acknowledged before. */
    CompletionStage<Long> linearized() {
        return log.readIndex();
    }

    /** Runs what may wait for a disk or a condition. */
    <T> CompletableFuture<T> onReadThread(Callable<T> reader) {
        var result = new CompletableFuture<T>();
        reads.execute(() -> {
            try {
                result.complete(reader.call());
            } catch (RefusedException e) {
                result.completeExceptionally(e.refusal().exception());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Refuses a caller who wants a member that has a leader if this one has none. */
    void requireLeader(GrpcContext context) throws GrpcException {
        if (wantsLeader(context) && log.status().leaderId() == 0) {
            throw Refusal.NO_LEADER.exception();
        }
    }

    static boolean wantsLeader(GrpcContext context) {
        return "true".equals(context.metadata(REQUIRE_LEADER));
    }
}
