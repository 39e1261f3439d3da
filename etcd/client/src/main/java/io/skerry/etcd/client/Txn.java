package io.skerry.etcd.client;

import io.etcd.jetcd.api.TxnRequest;
import java.util.List;

/**
 * Operations that the store carries out at one revision: {@code then} if all conditions hold,
 * {@code otherwise} if not. Immutable.
 *
 * <p>When the answer is lost, a transaction is repeated only if each key it writes is guarded by a
 * condition that its own success makes fail ({@link #repeatable}). Its outcome may then be "not
 * succeeded" because the first try had succeeded; {@link TxnOutcome#repeated} tells.
 */
public record Txn(List<Compare> conditions, List<Op> then, List<Op> otherwise) {
    public Txn {
        conditions = List.copyOf(conditions);
        then = List.copyOf(then);
        otherwise = List.copyOf(otherwise);
    }

    public static Txn when(Compare... conditions) {
        return new Txn(List.of(conditions), List.of(), List.of());
    }

    public static Txn when(List<Compare> conditions) {
        return new Txn(conditions, List.of(), List.of());
    }

    public Txn then(Op... operations) {
        return new Txn(conditions, List.of(operations), otherwise);
    }

    public Txn then(List<Op> operations) {
        return new Txn(conditions, operations, otherwise);
    }

    public Txn otherwise(Op... operations) {
        return new Txn(conditions, then, List.of(operations));
    }

    /** Whether carrying it out twice does no more than once. */
    public boolean repeatable() {
        return then.stream().allMatch(this::harmless)
                && otherwise.stream()
                        .allMatch(op ->
                                op instanceof Op.Get
                                        || op instanceof Op.ListPrefix
                                        || op instanceof Op.ListRange);
    }

    private boolean harmless(Op op) {
        return switch (op) {
            case Op.Get get -> true;
            case Op.ListPrefix list -> true;
            case Op.ListRange range -> true;
            case Op.Put put -> guarded(put.key());
            case Op.Delete delete -> guarded(delete.key());
            case Op.DeletePrefix prefix -> false;
        };
    }

    private boolean guarded(String key) {
        return conditions.stream().anyMatch(condition -> condition.guards(key));
    }

    TxnRequest toProto() {
        var request = TxnRequest.newBuilder();
        conditions.forEach(condition -> request.addCompare(condition.toProto()));
        then.forEach(op -> request.addSuccess(op.toProto()));
        otherwise.forEach(op -> request.addFailure(op.toProto()));
        return request.build();
    }
}
