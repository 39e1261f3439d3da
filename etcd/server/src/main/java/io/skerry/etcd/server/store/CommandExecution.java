package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmResponse;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.alarm.Alarm;
import io.skerry.etcd.server.auth.AuthChange;
import io.skerry.etcd.server.auth.AuthListener;
import io.skerry.etcd.server.auth.Caller;
import io.skerry.etcd.server.auth.Denial;
import io.skerry.etcd.server.auth.DeniedException;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.membership.MemberChange;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.v2store.Namespace;
import io.skerry.etcd.server.v2store.Outcome;
import io.skerry.etcd.server.v2store.OutcomeCodec;
import io.skerry.etcd.server.v2store.Write;
import java.util.ArrayList;
import java.util.List;

/** Carries out the commands of one log entry. */
final class CommandExecution {
    /** Longest time to live in seconds. */
    static final long MAX_TTL_SECONDS = 9_000_000_000L;

    private final StoreFile file;
    private final long term;
    private final List<ApplyListener> listeners;
    private final List<AuthListener> authListeners;
    private final List<Change> changes;
    private final List<Outcome> nodeOutcomes = new ArrayList<>();
    private boolean compacted;

    CommandExecution(
            StoreFile file,
            long term,
            List<ApplyListener> listeners,
            List<AuthListener> authListeners,
            List<Change> changes) {
        this.file = file;
        this.term = term;
        this.listeners = listeners;
        this.authListeners = authListeners;
        this.changes = changes;
    }

    /** Whether one of the commands started a compaction. */
    boolean compacted() {
        return compacted;
    }

    /** What became of writes to clients' keys of v2, in order. */
    List<Outcome> nodeOutcomes() {
        return nodeOutcomes;
    }

    CommandResult execute(Command command) {
        return command instanceof Command.As(var caller, var inner)
                ? execute(caller, inner)
                : execute(Caller.NOBODY, command);
    }

    private CommandResult execute(Caller caller, Command command) {
        try {
            CommandAccess.check(
                    file.auth().state(),
                    caller,
                    command,
                    lease -> file.keys().begin().view().keysOf(lease));
            AlarmedCommands.check(file.alarms(), command);
            return CommandResult.ok(
                    switch (command) {
                        case Command.Put(var request) ->
                                inTransaction(execution -> execution.put(request));
                        case Command.DeleteRange(var request) ->
                                inTransaction(execution -> execution.deleteRange(request));
                        case Command.Txn(var request) ->
                                inTransaction(execution -> execution.txn(request, Answers::header));
                        case Command.Compact(var request) -> compact(request);
                        case Command.LeaseGrant(var request) -> grant(request);
                        case Command.LeaseRevoke(var request) -> revoke(request.getID());
                        case Command.LeaseExpire(long ofTerm, var ids) -> expire(ofTerm, ids);
                        case Command.LeaseCheckpoint checkpoint -> checkpoint(checkpoint);
                        case Command.Alarm(var request) -> alarm(request);
                        case Command.NodeWrite(var write) ->
                                done(write, file.nodes().apply(write, changes));
                        case Command.NodeExpire expire -> expire(expire);
                        case Command.NodeCheckpoint checkpoint -> checkpoint(checkpoint);
                        case Command.Members(var change) -> members(change);
                        case Command.ChangeAuth(var change) -> change(change);
                        case Command.AssignToken token -> assign(token);
                        case Command.As _ ->
                                throw new IllegalStateException("a command has one caller");
                    });
        } catch (RefusedException e) {
            return e.refusal().result();
        } catch (DeniedException e) {
            return CommandResult.refused(e.denial().code(), e.denial().message());
        } catch (GrpcException e) {
            return CommandResult.refused(e.code(), String.valueOf(e.getMessage()));
        }
    }

    private ByteString members(MemberChange change) throws GrpcException {
        MemberList now = file.members().after(change);
        file.members(now);
        listeners.forEach(listener -> listener.membersChanged(now));
        return now.encode();
    }

    @FunctionalInterface
    private interface Operation {
        ByteString run(TxnExecution execution) throws RefusedException;
    }

    private ByteString inTransaction(Operation operation) throws RefusedException {
        var transaction = file.keys().begin();
        var execution = new TxnExecution(transaction, file.leases(), transaction::view);
        var response = operation.run(execution);
        changes.addAll(transaction.end());
        return response;
    }

    private ByteString compact(CompactionRequest request) throws RefusedException {
        var keys = file.keys();
        if (request.getRevision() <= keys.compactRevision()) {
            throw new RefusedException(Refusal.COMPACTED);
        }
        if (request.getRevision() > keys.revision()) {
            throw new RefusedException(Refusal.FUTURE_REVISION);
        }
        keys.compact(request.getRevision());
        compacted = true;
        return Answers.headerOnly(keys.revision());
    }

    private ByteString change(AuthChange change) throws DeniedException {
        file.auth().apply(change);
        switch (change) {
            case AuthChange.DeleteUser(var name) ->
                    authListeners.forEach(listener -> listener.userChanged(name));
            case AuthChange.ChangePassword(var name, _) ->
                    authListeners.forEach(listener -> listener.userChanged(name));
            case AuthChange.Disable() -> authListeners.forEach(AuthListener::allLoggedOut);
            case AuthChange.Enable _,
                    AuthChange.AddUser _,
                    AuthChange.GrantRole _,
                    AuthChange.RevokeRole _,
                    AuthChange.AddRole _,
                    AuthChange.DeleteRole _,
                    AuthChange.GrantPermission _,
                    AuthChange.RevokePermission _ -> {}
        }
        return Answers.headerOnly(file.keys().revision());
    }

    private ByteString assign(Command.AssignToken token) throws DeniedException {
        var state = file.auth().state();
        if (!state.enabled()) {
            throw new DeniedException(Denial.NOT_ENABLED);
        }
        if (state.revision() != token.checkedAt()) {
            throw new DeniedException(Denial.OLD_REVISION);
        }
        authListeners.forEach(listener -> listener.tokenAssigned(token.user(), token.token()));
        return Answers.headerOnly(file.keys().revision());
    }

    private ByteString grant(LeaseGrantRequest request) throws RefusedException {
        if (file.leases().find(request.getID()) != null) {
            throw new RefusedException(Refusal.LEASE_EXISTS);
        }
        if (request.getTTL() > MAX_TTL_SECONDS) {
            throw new RefusedException(Refusal.LEASE_TTL_TOO_LARGE);
        }
        var lease = new Lease(request.getID(), request.getTTL(), 0);
        file.leases().put(lease);
        listeners.forEach(listener -> listener.leaseGranted(lease));
        return LeaseGrantResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder().setRevision(file.keys().revision()))
                .setID(lease.id())
                .setTTL(lease.ttlSeconds())
                .build()
                .toByteString();
    }

    /** Deletes the lease and all keys that hang on it, at one revision. */
    private ByteString revoke(long id) throws RefusedException {
        if (file.leases().find(id) == null) {
            throw new RefusedException(Refusal.LEASE_NOT_FOUND);
        }
        var transaction = file.keys().begin();
        for (byte[] key : transaction.view().keysOf(id)) {
            transaction.delete(KeyRange.one(key));
        }
        changes.addAll(transaction.end());
        file.leases().remove(id);
        listeners.forEach(listener -> listener.leaseRevoked(id));
        return Answers.headerOnly(file.keys().revision());
    }

    private ByteString expire(long ofTerm, List<Long> ids) throws RefusedException {
        if (ofTerm == term) {
            for (long id : ids) {
                if (file.leases().find(id) != null) {
                    revoke(id);
                }
            }
        }
        return Answers.headerOnly(file.keys().revision());
    }

    /** Tells which alarms the request has touched, as etcd does. */
    private ByteString alarm(AlarmRequest request) {
        var response =
                AlarmResponse.newBuilder()
                        .setHeader(ResponseHeader.newBuilder().setRevision(file.keys().revision()));
        var alarm = new Alarm(request.getMemberID(), Alarm.Kind.of(request.getAlarmValue()));
        boolean touched =
                switch (request.getAction()) {
                    case ACTIVATE -> {
                        file.alarms().raise(alarm);
                        yield true;
                    }
                    case DEACTIVATE -> file.alarms().disarm(alarm);
                    case GET, UNRECOGNIZED ->
                            throw new IllegalStateException(
                                    "the log holds an alarm command that does nothing");
                };
        if (touched) {
            response.addAlarmsBuilder()
                    .setMemberID(alarm.memberId())
                    .setAlarmValue(alarm.kind().number());
        }
        return response.build().toByteString();
    }

    private ByteString checkpoint(Command.LeaseCheckpoint checkpoint) {
        if (checkpoint.term() == term) {
            checkpoint
                    .remainingSeconds()
                    .forEach((id, seconds) -> {
                        var lease = file.leases().find(id);
                        if (lease != null) {
                            file.leases().put(new Lease(id, lease.ttlSeconds(), seconds));
                        }
                    });
        }
        return Answers.headerOnly(file.keys().revision());
    }

    private ByteString done(Write write, Outcome outcome) {
        if (write.namespace() == Namespace.KEYS) {
            nodeOutcomes.add(outcome);
        }
        return OutcomeCodec.encode(outcome);
    }

    private ByteString expire(Command.NodeExpire expire) {
        if (expire.term() == term) {
            for (long id : expire.expiries()) {
                var outcome = file.nodes().expire(id, expire.nowEpochNanos(), changes);
                if (outcome != null) {
                    nodeOutcomes.add(outcome);
                }
            }
        }
        return ByteString.EMPTY;
    }

    private ByteString checkpoint(Command.NodeCheckpoint checkpoint) {
        if (checkpoint.term() == term) {
            file.nodes().checkpoint(checkpoint.remainingSeconds());
        }
        return ByteString.EMPTY;
    }
}
