package io.skerry.etcd.server.api.v2;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.mvcc.engine.EngineFailedException;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.Refusal;
import io.skerry.etcd.server.store.RequestLimits;
import io.skerry.etcd.server.v2store.ErrorCode;
import io.skerry.etcd.server.v2store.Event;
import io.skerry.etcd.server.v2store.Namespace;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.Outcome;
import io.skerry.etcd.server.v2store.OutcomeCodec;
import io.skerry.etcd.server.v2store.Tree;
import io.skerry.etcd.server.v2store.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Reads and writes of the tree for handlers, which may wait. Thread-safe. */
final class TreeAccess {
    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final InstantSource clock;

    TreeAccess(EtcdStateMachine store, ReplicatedLog log, InstantSource clock) {
        this.store = store;
        this.log = log;
        this.clock = clock;
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(Tree tree) throws NodeErrorException;
    }

    long nowEpochNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Reads what this member has. */
    <T> T read(Namespace namespace, Reader<T> reader) throws NodeErrorException {
        var view = store.view();
        try {
            return reader.read(new Tree(namespace, view));
        } catch (EngineFailedException e) {
            throw internal(String.valueOf(e.status().getMessage()));
        } finally {
            view.release();
        }
    }

    /** Waits until a read sees everything that was acknowledged before. */
    void awaitQuorum() throws NodeErrorException, InterruptedException {
        var _ = await(log.readIndex());
    }

    /** Waits until a write is done or refused. */
    Event write(Write write) throws NodeErrorException, InterruptedException {
        var command = new Command.NodeWrite(write).encode();
        if (command.size() > RequestLimits.DEFAULT.maxRequestBytes()) {
            throw internal(Refusal.REQUEST_TOO_LARGE.message());
        }
        var result = await(log.propose(command));
        if (result.code() != GrpcCode.OK) {
            throw internal(result.message());
        }
        return switch (OutcomeCodec.decode(result.response())) {
            case Outcome.Done(var event) -> event;
            case Outcome.Refused(_, var error) -> throw new NodeErrorException(error);
        };
    }

    private static <T> T await(Future<T> future) throws NodeErrorException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw internal(String.valueOf(GrpcException.from(e).getMessage()));
        }
    }

    private static NodeErrorException internal(String cause) {
        return new NodeErrorException(ErrorCode.RAFT_INTERNAL, cause, 0);
    }
}
