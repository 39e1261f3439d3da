package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.auth.AuthState;
import io.skerry.etcd.server.auth.Caller;
import io.skerry.etcd.server.auth.Callers;
import io.skerry.etcd.server.auth.Credentials;
import io.skerry.etcd.server.auth.Denial;
import io.skerry.etcd.server.auth.DeniedException;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.Refusal;
import io.skerry.etcd.server.store.RefusedException;
import io.skerry.etcd.server.store.RequestLimits;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What all services do the same way: refuse, propose, read on a thread that may wait. */
final class Calls {
    private static final String REQUIRE_LEADER = "hasleader";
    private static final String TOKEN = "token";
    private static final String AUTHORIZATION = "authorization";

    /** etcd's own gateway shows its certificate, which says nothing of who is behind it. */
    private static final String THROUGH_GATEWAY = "grpcgateway-accept";

    /** How often a call is authenticated anew because users or roles changed meanwhile. */
    private static final int MAX_TRIES = 4;

    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final Identity identity;
    private final Callers callers;
    private final boolean commonNames;
    private final RequestLimits limits;
    private final Executor reads;

    /**
     * @param commonNames whether a client's certificate tells who it is
     */
    Calls(
            EtcdStateMachine store,
            ReplicatedLog log,
            Identity identity,
            Callers callers,
            boolean commonNames,
            RequestLimits limits,
            Executor reads) {
        this.store = store;
        this.log = log;
        this.identity = identity;
        this.callers = callers;
        this.commonNames = commonNames;
        this.limits = limits;
        this.reads = reads;
    }

    /** Whether a caller may have an answer, by the rights that belong to what is read. */
    @FunctionalInterface
    interface Rule {
        /** Everybody may. */
        Rule OPEN = (_, _, _) -> {};

        /** Any user may. */
        Rule ANY_USER = (state, caller, _) -> state.requireKnown(caller);

        /** Users with the role root may. */
        Rule ROOT = (state, caller, _) -> state.requireRoot(caller);

        void check(AuthState state, Caller caller, ReadView view) throws DeniedException;
    }

    /** Makes an answer from keys, users and roles of one moment. */
    @FunctionalInterface
    interface Reader<T> {
        T read(EtcdStateMachine.Snapshot now) throws RefusedException, DeniedException;
    }

    private Credentials credentials(GrpcContext context) {
        String token = context.metadata(TOKEN);
        if (token == null) {
            token = context.metadata(AUTHORIZATION);
        }
        if (token != null) {
            return Credentials.ofToken(token);
        }
        if (commonNames && context.metadata(THROUGH_GATEWAY) == null) {
            var certificate = context.peerCertificate();
            return certificate == null ? Credentials.NONE : Credentials.ofCertificate(certificate);
        }
        return Credentials.NONE;
    }

    /** Completes when the rule lets the caller pass, by what this member knows now. */
    CompletionStage<Caller> permit(GrpcContext context, Rule rule) {
        return permit(credentials(context), rule, 1);
    }

    private CompletionStage<Caller> permit(Credentials credentials, Rule rule, int tries) {
        return callers.resolve(credentials)
                .thenCompose(caller -> {
                    var snapshot = store.snapshot();
                    try {
                        rule.check(snapshot.auth(), caller, snapshot.view());
                        return CompletableFuture.completedFuture(caller);
                    } catch (DeniedException e) {
                        return again(credentials, e.denial(), tries)
                                ? permit(credentials, rule, tries + 1)
                                : CompletableFuture.failedFuture(e.denial().exception());
                    } finally {
                        snapshot.view().release();
                    }
                });
    }

    private boolean again(Credentials credentials, Denial denial, int tries) {
        return tries < MAX_TRIES && callers.worthAnotherTry(credentials, denial);
    }

    /** How large requests may be. */
    RequestLimits limits() {
        return limits;
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
            if (request.getSerializedSize() > limits.maxRequestBytes()) {
                throw Refusal.REQUEST_TOO_LARGE.exception();
            }
            check.run();
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e.refusal().exception());
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
        return propose(credentials(context), command, 1).thenCompose(this::answer);
    }

    private CompletionStage<CommandResult> propose(
            Credentials credentials, Command command, int tries) {
        return callers.resolve(credentials)
                .thenCompose(caller ->
                        log.propose(
                                (caller.known() ? new Command.As(caller, command) : command)
                                        .encode()))
                .thenCompose(result -> {
                    var denial =
                            result.code() == GrpcCode.OK ? null : Denial.find(result.message());
                    return denial != null && again(credentials, denial, tries)
                            ? propose(credentials, command, tries + 1)
                            : CompletableFuture.completedFuture(result);
                });
    }

    /** Proposes what this server makes by itself, for no user. */
    CompletionStage<CommandResult> proposeOwn(Command command) {
        return log.propose(command.encode());
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
     * Reads after everything that was acknowledged before, if the rule lets the caller.
     *
     * @param linearizable false to read at once what this member has
     */
    <T> CompletionStage<T> read(
            GrpcContext context, boolean linearizable, Rule rule, Reader<T> reader) {
        try {
            requireLeader(context);
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
        var credentials = credentials(context);
        return linearizable
                ? log.readIndex().thenCompose(_ -> read(credentials, rule, reader, 1))
                : read(credentials, rule, reader, 1);
    }

    private <T> CompletionStage<T> read(
            Credentials credentials, Rule rule, Reader<T> reader, int tries) {
        return callers.resolve(credentials)
                .thenCompose(caller ->
                        onReadThread(() -> {
                            var snapshot = store.snapshot();
                            try {
                                rule.check(snapshot.auth(), caller, snapshot.view());
                                return CompletableFuture.completedFuture(reader.read(snapshot));
                            } catch (DeniedException e) {
                                return again(credentials, e.denial(), tries)
                                        ? read(credentials, rule, reader, tries + 1)
                                        : CompletableFuture.<T>failedFuture(e.denial().exception());
                            } finally {
                                snapshot.view().release();
                            }
                        }))
                .thenCompose(answer -> answer);
    }

    /** What was looked up, or the refusal that it is not there. */
    static <T> T found(@Nullable T thing, Denial otherwise) throws DeniedException {
        if (thing == null) {
            throw new DeniedException(otherwise);
        }
        return thing;
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
