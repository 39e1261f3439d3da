package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.server.auth.AuthChange;
import io.skerry.etcd.server.auth.AuthCodec;
import io.skerry.etcd.server.auth.Caller;
import io.skerry.etcd.server.membership.MemberChange;
import io.skerry.etcd.server.v2store.Write;
import io.skerry.etcd.server.v2store.WriteCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in the log: one byte that tells the kind, then etcd's own request message or, for the
 * kinds that only servers make, fixed-width numbers. Kinds are never renumbered.
 */
public sealed interface Command {
    byte PUT = 1;
    byte DELETE_RANGE = 2;
    byte TXN = 3;
    byte COMPACT = 4;
    byte LEASE_GRANT = 5;
    byte LEASE_REVOKE = 6;
    byte LEASE_EXPIRE = 7;
    byte LEASE_CHECKPOINT = 8;
    byte ALARM = 24;
    byte NODE_WRITE = 32;
    byte NODE_EXPIRE = 33;
    byte NODE_CHECKPOINT = 34;
    byte AS = 64;
    byte CHANGE_AUTH = 65;
    byte ASSIGN_TOKEN = 66;
    byte MEMBERS = 80;

    record Put(PutRequest request) implements Command {}

    record DeleteRange(DeleteRangeRequest request) implements Command {}

    record Txn(TxnRequest request) implements Command {}

    record Compact(CompactionRequest request) implements Command {}

    /** The id is chosen and the time to live raised to the minimum before it is proposed. */
    record LeaseGrant(LeaseGrantRequest request) implements Command {}

    record LeaseRevoke(LeaseRevokeRequest request) implements Command {}

    /**
     * Leases whose time ran out by the clock of the leader of a term. Void in any later term: a new
     * leader starts the clocks anew.
     */
    record LeaseExpire(long term, List<Long> leases) implements Command {
        public LeaseExpire {
            leases = List.copyOf(leases);
        }
    }

    /** How many seconds leases have left by the leader's clock; 0 means the full time to live. */
    record LeaseCheckpoint(long term, Map<Long, Long> remainingSeconds) implements Command {
        public LeaseCheckpoint {
            remainingSeconds = Map.copyOf(remainingSeconds);
        }
    }

    /** Raises or disarms; the type is known and the action is one of these two. */
    record Alarm(AlarmRequest request) implements Command {
        /** What the store itself proposes when it has found something. */
        public static Command byStore(AlarmRequest request) {
            return new As(Caller.STORE, new Alarm(request));
        }
    }

    /** A write of the v2 API; its answer is an encoded {@code v2store.Outcome}. */
    record NodeWrite(Write write) implements Command {}

    /** As {@link LeaseExpire}, for nodes of the v2 tree; with the time of the leader's clock. */
    record NodeExpire(long term, long nowEpochNanos, List<Long> expiries) implements Command {
        public NodeExpire {
            expiries = List.copyOf(expiries);
        }
    }

    /** As {@link LeaseCheckpoint}, for nodes of the v2 tree. */
    record NodeCheckpoint(long term, Map<Long, Long> remainingSeconds) implements Command {
        public NodeCheckpoint {
            remainingSeconds = Map.copyOf(remainingSeconds);
        }
    }

    /**
     * A command on behalf of a user, who is checked when it is applied: what was known of the user
     * when the call came in may have changed since.
     */
    record As(Caller caller, Command command) implements Command {
        public As {
            if (command instanceof As) {
                throw new IllegalArgumentException("a command has one caller");
            }
        }
    }

    /** Whether a client's transaction is carried out. */
    default boolean isTxn() {
        return this instanceof Txn || (this instanceof As(_, Command inner) && inner.isTxn());
    }

    /** Passwords are hashes already. */
    record ChangeAuth(AuthChange change) implements Command {}

    /**
     * Gives a token to a user whose password was checked.
     *
     * @param checkedAt auth revision at which it was right; void at any other
     */
    record AssignToken(String user, String token, long checkedAt) implements Command {
        @Override
        public String toString() {
            return "AssignToken[user=" + user + ", checkedAt=" + checkedAt + "]";
        }
    }

    /** Who belongs to the cluster changes. */
    record Members(MemberChange change) implements Command {}

    /** The bytes for the log. */
    default ByteString encode() {
        return switch (this) {
            case Put(var request) -> withKind(PUT, request.toByteString());
            case DeleteRange(var request) -> withKind(DELETE_RANGE, request.toByteString());
            case Txn(var request) -> withKind(TXN, request.toByteString());
            case Compact(var request) -> withKind(COMPACT, request.toByteString());
            case LeaseGrant(var request) -> withKind(LEASE_GRANT, request.toByteString());
            case LeaseRevoke(var request) -> withKind(LEASE_REVOKE, request.toByteString());
            case Alarm(var request) -> withKind(ALARM, request.toByteString());
            case Members(var change) -> withKind(MEMBERS, change.encode());
            case LeaseExpire(long term, var leases) -> {
                var numbers = ByteBuffer.allocate(Long.BYTES * (1 + leases.size()));
                numbers.putLong(term);
                leases.forEach(numbers::putLong);
                yield withKind(LEASE_EXPIRE, UnsafeByteOperations.unsafeWrap(numbers.flip()));
            }
            case LeaseCheckpoint(long term, var remaining) ->
                    withKind(LEASE_CHECKPOINT, checkpoint(term, remaining));
            case NodeWrite(var write) -> withKind(NODE_WRITE, WriteCodec.encode(write));
            case NodeExpire(long term, long now, var expiries) -> {
                var numbers = ByteBuffer.allocate(Long.BYTES * (2 + expiries.size()));
                numbers.putLong(term).putLong(now);
                expiries.forEach(numbers::putLong);
                yield withKind(NODE_EXPIRE, UnsafeByteOperations.unsafeWrap(numbers.flip()));
            }
            case NodeCheckpoint(long term, var remaining) ->
                    withKind(NODE_CHECKPOINT, checkpoint(term, remaining));
            case As(var caller, var command) ->
                    withKind(
                            AS,
                            AuthCodec.join(
                                    List.of(
                                            number(caller.revision()),
                                            ByteString.copyFromUtf8(caller.name()),
                                            command.encode())));
            case ChangeAuth(var change) -> withKind(CHANGE_AUTH, AuthCodec.encode(change));
            case AssignToken(var user, var token, long checkedAt) ->
                    withKind(
                            ASSIGN_TOKEN,
                            AuthCodec.join(
                                    List.of(
                                            number(checkedAt),
                                            ByteString.copyFromUtf8(user),
                                            ByteString.copyFromUtf8(token))));
        };
    }

    private static ByteString checkpoint(long term, Map<Long, Long> remaining) {
        var numbers = ByteBuffer.allocate(Long.BYTES * (1 + 2 * remaining.size()));
        numbers.putLong(term);
        new TreeMap<>(remaining).forEach((id, seconds) -> numbers.putLong(id).putLong(seconds));
        return UnsafeByteOperations.unsafeWrap(numbers.flip());
    }

    private static ByteString number(long number) {
        return UnsafeByteOperations.unsafeWrap(
                ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    private static ByteString withKind(byte kind, ByteString body) {
        var bytes = new byte[1 + body.size()];
        bytes[0] = kind;
        body.copyTo(bytes, 1);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /**
     * Reads a command of the log.
     *
     * @throws IllegalStateException if it is none that this version knows: the member cannot go on,
     *     for it would differ from the others
     */
    static Command decode(ByteString bytes) {
        try {
            byte kind = bytes.byteAt(0);
            ByteString content = bytes.substring(1);
            CodedInputStream body = content.newCodedInput();
            // The command's bytes never change, and nothing but copies of its parts outlives it.
            body.enableAliasing(true);
            return switch (kind) {
                case PUT -> new Put(PutRequest.parseFrom(body));
                case DELETE_RANGE -> new DeleteRange(DeleteRangeRequest.parseFrom(body));
                case TXN -> new Txn(TxnRequest.parseFrom(body));
                case COMPACT -> new Compact(CompactionRequest.parseFrom(body));
                case LEASE_GRANT -> new LeaseGrant(LeaseGrantRequest.parseFrom(body));
                case LEASE_REVOKE -> new LeaseRevoke(LeaseRevokeRequest.parseFrom(body));
                case ALARM -> new Alarm(AlarmRequest.parseFrom(body));
                case LEASE_EXPIRE -> {
                    var numbers = content.asReadOnlyByteBuffer();
                    yield new LeaseExpire(numbers.getLong(), ids(numbers));
                }
                case LEASE_CHECKPOINT -> {
                    var numbers = content.asReadOnlyByteBuffer();
                    yield new LeaseCheckpoint(numbers.getLong(), remaining(numbers));
                }
                case NODE_WRITE -> new NodeWrite(WriteCodec.decode(content));
                case NODE_EXPIRE -> {
                    var numbers = content.asReadOnlyByteBuffer();
                    yield new NodeExpire(numbers.getLong(), numbers.getLong(), ids(numbers));
                }
                case NODE_CHECKPOINT -> {
                    var numbers = content.asReadOnlyByteBuffer();
                    yield new NodeCheckpoint(numbers.getLong(), remaining(numbers));
                }
                case AS -> decodeAs(new AuthCodec.Fields(content));
                case CHANGE_AUTH -> new ChangeAuth(AuthCodec.decodeChange(content));
                case ASSIGN_TOKEN -> decodeAssignToken(new AuthCodec.Fields(content));
                case MEMBERS -> new Members(MemberChange.decode(content));
                default ->
                        throw new IllegalStateException(
                                "the log holds a command of kind "
                                        + kind
                                        + ", which this version does not know: run the version that"
                                        + " wrote it or a later one");
            };
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a command of the log is damaged", e);
        } catch (IOException e) {
            throw new IllegalStateException("a command of the log cannot be read", e);
        }
    }

    private static As decodeAs(AuthCodec.Fields fields) {
        long revision = fields.bytes().asReadOnlyByteBuffer().getLong();
        return new As(new Caller(fields.text(), revision), decode(fields.bytes()));
    }

    private static AssignToken decodeAssignToken(AuthCodec.Fields fields) {
        long checkedAt = fields.bytes().asReadOnlyByteBuffer().getLong();
        return new AssignToken(fields.text(), fields.text(), checkedAt);
    }

    private static List<Long> ids(ByteBuffer numbers) {
        var ids = new ArrayList<Long>();
        while (numbers.hasRemaining()) {
            ids.add(numbers.getLong());
        }
        return ids;
    }

    private static Map<Long, Long> remaining(ByteBuffer numbers) {
        var remaining = new TreeMap<Long, Long>();
        while (numbers.hasRemaining()) {
            remaining.put(numbers.getLong(), numbers.getLong());
        }
        return remaining;
    }
}
