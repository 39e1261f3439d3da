package io.skerry.etcd.server.telemetry;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.TextFormat;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseTimeToLiveRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.server.store.Command;
import java.util.List;

/** Requests for people: what kind, which keys, how large; never a value or a secret. */
final class RequestText {
    private static final int MAX_KEY_BYTES = 128;
    private static final int MAX_OPERATIONS = 8;

    private final StringBuilder out = new StringBuilder(128);

    private RequestText() {}

    /** A request of the API; of those that may hold secrets nothing but the size. */
    static String of(MessageLite request) {
        var text = new RequestText();
        switch (request) {
            case RangeRequest range -> text.range(range);
            case PutRequest put -> text.put(put);
            case DeleteRangeRequest delete -> text.deleteRange(delete);
            case TxnRequest txn -> text.txn(txn);
            case CompactionRequest compaction ->
                    text.word("compaction")
                            .number("revision", compaction.getRevision())
                            .flag("physical", compaction.getPhysical());
            case LeaseGrantRequest grant ->
                    text.word("lease_grant").lease(grant.getID()).number("ttl", grant.getTTL());
            case LeaseRevokeRequest revoke -> text.word("lease_revoke").lease(revoke.getID());
            case LeaseTimeToLiveRequest time ->
                    text.word("lease_time_to_live")
                            .lease(time.getID())
                            .flag("keys", time.getKeys());
            default -> text.number("size", request.getSerializedSize());
        }
        return text.out.toString();
    }

    /** A command of the log. */
    static String of(Command command) {
        return switch (command) {
            case Command.Put(var request) -> of(request);
            case Command.DeleteRange(var request) -> of(request);
            case Command.Txn(var request) -> of(request);
            case Command.Compact(var request) -> of(request);
            case Command.LeaseGrant(var request) -> of(request);
            case Command.LeaseRevoke(var request) -> of(request);
            case Command.LeaseExpire(_, var leases) -> "lease_expire leases:" + leases.size();
            case Command.LeaseCheckpoint(_, var left) -> "lease_checkpoint leases:" + left.size();
            case Command.Alarm(var request) -> "alarm action:" + request.getAction();
            case Command.NodeWrite(var write) -> "v2 " + write.action() + " path:" + write.path();
            case Command.NodeExpire(_, _, var nodes) -> "v2 expire nodes:" + nodes.size();
            case Command.NodeCheckpoint(_, var left) -> "v2 checkpoint nodes:" + left.size();
            case Command.ChangeAuth _ -> "auth change";
            case Command.AssignToken _ -> "authenticate";
            case Command.Members _ -> "cluster change";
            case Command.As(_, var inner) -> of(inner);
        };
    }

    private void range(RangeRequest request) {
        word("range").key("key", request.getKey()).key("range_end", request.getRangeEnd());
        number("limit", request.getLimit()).number("revision", request.getRevision());
        flag("serializable", request.getSerializable()).flag("keys_only", request.getKeysOnly());
        flag("count_only", request.getCountOnly());
        if (request.getSortOrder() != RangeRequest.SortOrder.NONE) {
            word("sort:" + request.getSortTarget());
        }
    }

    private void put(PutRequest request) {
        word("put").key("key", request.getKey());
        word("value_size:" + request.getValue().size()).lease(request.getLease());
        flag("prev_kv", request.getPrevKv());
    }

    private void deleteRange(DeleteRangeRequest request) {
        word("delete_range").key("key", request.getKey());
        key("range_end", request.getRangeEnd()).flag("prev_kv", request.getPrevKv());
    }

    private void txn(TxnRequest request) {
        word("txn");
        List<Compare> compares = request.getCompareList();
        word("compare:<");
        for (Compare compare : firstOf(compares)) {
            word(compare.getTarget() + " " + compare.getResult()).key("key", compare.getKey());
            key("range_end", compare.getRangeEnd());
        }
        rest(compares);
        operations("success", request.getSuccessList());
        operations("failure", request.getFailureList());
    }

    private void operations(String name, List<RequestOp> operations) {
        word(name + ":<");
        for (RequestOp operation : firstOf(operations)) {
            switch (operation.getRequestCase()) {
                case REQUEST_RANGE -> range(operation.getRequestRange());
                case REQUEST_PUT -> put(operation.getRequestPut());
                case REQUEST_DELETE_RANGE -> deleteRange(operation.getRequestDeleteRange());
                case REQUEST_TXN -> word("txn size:" + operation.getSerializedSize());
                case REQUEST_NOT_SET -> word("nothing");
            }
            out.append(';');
        }
        rest(operations);
    }

    private static <T> List<T> firstOf(List<T> all) {
        return all.subList(0, Math.min(all.size(), MAX_OPERATIONS));
    }

    private void rest(List<?> all) {
        if (all.size() > MAX_OPERATIONS) {
            word("and " + (all.size() - MAX_OPERATIONS) + " more");
        }
        out.append('>');
    }

    private RequestText word(String word) {
        if (!out.isEmpty()) {
            out.append(' ');
        }
        out.append(word);
        return this;
    }

    private RequestText key(String name, ByteString key) {
        if (key.isEmpty()) {
            return this;
        }
        boolean cut = key.size() > MAX_KEY_BYTES;
        String text = TextFormat.escapeBytes(cut ? key.substring(0, MAX_KEY_BYTES) : key);
        return word(name + ":" + text + (cut ? "...(" + key.size() + " bytes)" : ""));
    }

    private RequestText number(String name, long number) {
        return number == 0 ? this : word(name + ":" + number);
    }

    private RequestText lease(long id) {
        return id == 0 ? this : word("lease:" + Long.toHexString(id));
    }

    private RequestText flag(String name, boolean set) {
        return set ? word(name + ":true") : this;
    }
}
