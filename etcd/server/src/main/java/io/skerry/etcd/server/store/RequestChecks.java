package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.ReservedKeys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What can be told of a request without looking at the store; done before it is proposed. */
public final class RequestChecks {
    private RequestChecks() {}

    public static void check(RangeRequest request) throws RefusedException {
        refuseIf(request.getKey().isEmpty(), Refusal.EMPTY_KEY);
        refuseIf(
                request.getSortOrder() == RangeRequest.SortOrder.UNRECOGNIZED
                        || request.getSortTarget() == RangeRequest.SortTarget.UNRECOGNIZED,
                Refusal.INVALID_SORT);
    }

    public static void check(PutRequest request) throws RefusedException {
        refuseIf(request.getKey().isEmpty(), Refusal.EMPTY_KEY);
        refuseIf(reserved(request.getKey()), Refusal.KEY_RESERVED);
        refuseIf(request.getIgnoreValue() && !request.getValue().isEmpty(), Refusal.VALUE_PROVIDED);
        refuseIf(request.getIgnoreLease() && request.getLease() != 0, Refusal.LEASE_PROVIDED);
    }

    public static void check(DeleteRangeRequest request) throws RefusedException {
        refuseIf(request.getKey().isEmpty(), Refusal.EMPTY_KEY);
    }

    public static void check(TxnRequest request, RequestLimits limits) throws RefusedException {
        check(request, limits.maxTxnOperations());
        Writes.of(request.getSuccessList());
        Writes.of(request.getFailureList());
    }

    private static void check(TxnRequest request, int maxOperations) throws RefusedException {
        int operations =
                Math.max(
                        request.getCompareCount(),
                        Math.max(request.getSuccessCount(), request.getFailureCount()));
        refuseIf(operations > maxOperations, Refusal.TOO_MANY_OPERATIONS);
        for (var compare : request.getCompareList()) {
            refuseIf(compare.getKey().isEmpty(), Refusal.EMPTY_KEY);
        }
        int rest = maxOperations - operations;
        for (var operation : request.getSuccessList()) {
            check(operation, rest);
        }
        for (var operation : request.getFailureList()) {
            check(operation, rest);
        }
    }

    private static void check(RequestOp operation, int maxOperations) throws RefusedException {
        switch (operation.getRequestCase()) {
            case REQUEST_RANGE -> check(operation.getRequestRange());
            case REQUEST_PUT -> check(operation.getRequestPut());
            case REQUEST_DELETE_RANGE -> check(operation.getRequestDeleteRange());
            case REQUEST_TXN -> check(operation.getRequestTxn(), maxOperations);
            case REQUEST_NOT_SET -> throw new RefusedException(Refusal.KEY_NOT_FOUND);
        }
    }

    private static boolean reserved(ByteString key) {
        return key.byteAt(0) == (byte) 0xFF && ReservedKeys.contains(key.toByteArray());
    }

    private static void refuseIf(boolean condition, Refusal refusal) throws RefusedException {
        if (condition) {
            throw new RefusedException(refusal);
        }
    }

    /**
     * The keys that a list of operations writes. No key may be put twice, or put and deleted, for
     * both would happen at one revision; deleting twice does no harm. The two branches of one
     * nested txn may overlap, for only one of them is carried out.
     *
     * <p>etcd lets one case pass: a key put in a nested txn and deleted in a later nested one. It
     * is refused here like the others.
     */
    private record Writes(Set<ByteString> puts, List<KeyRange> deletes) {

        static Writes of(List<RequestOp> operations) throws RefusedException {
            var all = new Writes(new HashSet<>(), new ArrayList<>());
            for (var operation : operations) {
                switch (operation.getRequestCase()) {
                    case REQUEST_PUT ->
                            all.add(
                                    new Writes(
                                            Set.of(operation.getRequestPut().getKey()), List.of()));
                    case REQUEST_DELETE_RANGE -> {
                        var delete = operation.getRequestDeleteRange();
                        var range = KeyRange.of(delete.getKey(), delete.getRangeEnd());
                        all.add(new Writes(Set.of(), List.of(range)));
                    }
                    case REQUEST_TXN -> {
                        var nested = operation.getRequestTxn();
                        var then = Writes.of(nested.getSuccessList());
                        var otherwise = Writes.of(nested.getFailureList());
                        then.puts.addAll(otherwise.puts);
                        then.deletes.addAll(otherwise.deletes);
                        all.add(then);
                    }
                    case REQUEST_RANGE, REQUEST_NOT_SET -> {}
                }
            }
            return all;
        }

        private void add(Writes more) throws RefusedException {
            for (var put : more.puts) {
                refuseIf(puts.contains(put) || deletes(deletes, put), Refusal.DUPLICATE_KEY);
            }
            for (var put : puts) {
                refuseIf(deletes(more.deletes, put), Refusal.DUPLICATE_KEY);
            }
            puts.addAll(more.puts);
            deletes.addAll(more.deletes);
        }

        private static boolean deletes(List<KeyRange> ranges, ByteString key) {
            byte[] bytes = key.toByteArray();
            return ranges.stream().anyMatch(range -> range.contains(bytes));
        }
    }
}
