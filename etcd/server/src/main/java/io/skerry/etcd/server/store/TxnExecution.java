package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.server.lease.LeaseTable;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.KeySpace;
import io.skerry.etcd.server.mvcc.KeyVersion;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.Answers.OperationKind;
import io.skerry.etcd.server.store.Answers.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts, deletes and txns on the key space. All compares, of nested txns too, are decided against
 * the state before the txn; then everything that could refuse an operation of the chosen branches
 * is checked; only then anything is written, so that a refusal leaves no trace.
 */
final class TxnExecution {
    private final KeySpace.@Nullable Transaction transaction;
    private final @Nullable LeaseTable leases;
    private final Supplier<ReadView> stateBefore;
    private @Nullable ReadView before;

    /**
     * @param transaction where writes go; null for a txn that only reads
     * @param leases the leases that exist; null for a txn that only reads
     * @param before gives the state before it; asked at most once, before the first write, and only
     *     when something depends on it: a plain put looks at nothing but its own key
     */
    TxnExecution(
            KeySpace.@Nullable Transaction transaction,
            @Nullable LeaseTable leases,
            Supplier<ReadView> before) {
        this.transaction = transaction;
        this.leases = leases;
        this.stateBefore = before;
    }

    private ReadView before() {
        var view = before;
        if (view == null) {
            view = stateBefore.get();
            before = view;
        }
        return view;
    }

    /** A txn's chosen branches: its own and those of the txns nested in the chosen branch. */
    private record Plan(boolean succeeded, List<RequestOp> operations, List<Plan> nested) {}

    /** Whether carrying the txn out cannot write, whichever branches are chosen. */
    static boolean readsOnly(TxnRequest request) {
        return readsOnly(request.getSuccessList()) && readsOnly(request.getFailureList());
    }

    private static boolean readsOnly(List<RequestOp> operations) {
        return operations.stream().allMatch(TxnExecution::readsOnly);
    }

    private static boolean readsOnly(RequestOp operation) {
        return operation.hasRequestTxn()
                ? readsOnly(operation.getRequestTxn())
                : operation.hasRequestRange();
    }

    /**
     * Carries a txn out and encodes its response.
     *
     * @param header makes the header from the revision that the txn ended at
     */
    ByteString txn(TxnRequest request, LongFunction<ByteString> header) throws RefusedException {
        var plan = plan(request);
        check(plan);
        var parts = carryOut(plan);
        return Answers.txn(header.apply(revision()), plan.succeeded, parts);
    }

    private Plan plan(TxnRequest request) {
        boolean succeeded = request.getCompareList().stream().allMatch(this::holds);
        var operations = succeeded ? request.getSuccessList() : request.getFailureList();
        var nested = new ArrayList<Plan>();
        for (var operation : operations) {
            if (operation.hasRequestTxn()) {
                nested.add(plan(operation.getRequestTxn()));
            }
        }
        return new Plan(succeeded, operations, nested);
    }

    private boolean holds(Compare compare) {
        var range = KeyRange.of(compare.getKey(), compare.getRangeEnd());
        if (range.single()) {
            return holds(compare, before().get(range.from()));
        }
        var failed = new boolean[] {false};
        var any = new boolean[] {false};
        before().scan(
                        range,
                        false,
                        version -> {
                            any[0] = true;
                            failed[0] = !holds(compare, version);
                            return !failed[0];
                        });
        return any[0] ? !failed[0] : holds(compare, null);
    }

    private static boolean holds(Compare compare, @Nullable KeyVersion version) {
        int order;
        if (compare.getTarget() == Compare.CompareTarget.VALUE) {
            if (version == null) {
                return false;
            }
            order = version.compareValue(compare.getValue().toByteArray());
        } else {
            order = Long.compare(number(compare, version), wanted(compare));
        }
        return switch (compare.getResult()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case UNRECOGNIZED -> false;
        };
    }

    private static long number(Compare compare, @Nullable KeyVersion version) {
        if (version == null) {
            return 0;
        }
        return switch (compare.getTarget()) {
            case VERSION -> version.version();
            case CREATE -> version.createRevision();
            case MOD -> version.modRevision();
            case VALUE -> 0;
            case UNRECOGNIZED -> version.lease();
        };
    }

    private static long wanted(Compare compare) {
        return switch (compare.getTarget()) {
            case VERSION -> compare.getVersion();
            case CREATE -> compare.getCreateRevision();
            case MOD -> compare.getModRevision();
            case VALUE -> 0;
            case UNRECOGNIZED -> UnknownFields.number(compare, UnknownFields.COMPARE_LEASE);
        };
    }

    private void check(Plan plan) throws RefusedException {
        for (var operation : plan.operations) {
            if (operation.hasRequestRange()) {
                check(operation.getRequestRange());
            } else if (operation.hasRequestPut()) {
                check(operation.getRequestPut());
            }
        }
        for (var nested : plan.nested) {
            check(nested);
        }
    }

    private void check(RangeRequest request) throws RefusedException {
        if (request.getRevision() > before().revision()) {
            throw new RefusedException(Refusal.FUTURE_REVISION);
        }
        if (request.getRevision() > 0 && request.getRevision() < before().compactRevision()) {
            throw new RefusedException(Refusal.COMPACTED);
        }
    }

    private void check(PutRequest request) throws RefusedException {
        boolean needsKey = request.getIgnoreValue() || request.getIgnoreLease();
        if (needsKey && before().get(request.getKey().toByteArray()) == null) {
            throw new RefusedException(Refusal.KEY_NOT_FOUND);
        }
        if (request.getLease() != 0
                && (leases == null || leases.find(request.getLease()) == null)) {
            throw new RefusedException(Refusal.LEASE_NOT_FOUND);
        }
    }

    private List<Part> carryOut(Plan plan) throws RefusedException {
        var parts = new ArrayList<Part>();
        var nested = plan.nested.iterator();
        for (var operation : plan.operations) {
            parts.add(
                    switch (operation.getRequestCase()) {
                        case REQUEST_RANGE ->
                                new Part(OperationKind.RANGE, range(operation.getRequestRange()));
                        case REQUEST_PUT ->
                                new Part(
                                        OperationKind.PUT,
                                        checkedPut(writes(), operation.getRequestPut()));
                        case REQUEST_DELETE_RANGE ->
                                new Part(
                                        OperationKind.DELETE_RANGE,
                                        deleteRange(operation.getRequestDeleteRange()));
                        case REQUEST_TXN -> {
                            var inner = nested.next();
                            var innerParts = carryOut(inner);
                            // etcd leaves the header of a nested txn without a revision.
                            yield new Part(
                                    OperationKind.TXN,
                                    Answers.txn(ByteString.EMPTY, inner.succeeded, innerParts));
                        }
                        case REQUEST_NOT_SET -> throw new RefusedException(Refusal.KEY_NOT_FOUND);
                    });
        }
        return parts;
    }

    private ByteString range(RangeRequest request) throws RefusedException {
        var view = transaction == null ? before() : transaction.view();
        var answer = RangeAnswer.read(view, request);
        return Answers.range(Answers.header(revision()), answer, request.getKeysOnly());
    }

    ByteString put(PutRequest request) throws RefusedException {
        check(request);
        return checkedPut(writes(), request);
    }

    private static ByteString checkedPut(KeySpace.Transaction transaction, PutRequest request) {
        byte[] key = request.getKey().toByteArray();
        var replaced =
                transaction.put(
                        key,
                        request.getIgnoreValue() ? null : request.getValue(),
                        request.getIgnoreLease() ? null : request.getLease());
        return Answers.put(transaction.readRevision(), request.getPrevKv() ? replaced : null);
    }

    ByteString deleteRange(DeleteRangeRequest request) {
        var deleted = writes().delete(KeyRange.of(request.getKey(), request.getRangeEnd()));
        return Answers.deleteRange(writes().readRevision(), deleted, request.getPrevKv());
    }

    private KeySpace.Transaction writes() {
        if (transaction == null) {
            throw new IllegalStateException("a txn that only reads has come to a write");
        }
        return transaction;
    }

    private long revision() {
        return transaction == null ? before().revision() : transaction.readRevision();
    }
}
