package io.skerry.etcd.client;

import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnResponse;
import java.util.List;

/**
 * What a transaction did.
 *
 * @param succeeded whether the conditions held
 * @param revision the store's revision afterwards; that of the writes if there were any
 * @param results one for each operation carried out, in their order
 * @param repeated whether an earlier try may have been carried out, see {@link Txn}
 */
public record TxnOutcome(
        boolean succeeded, long revision, List<OpResult> results, boolean repeated) {
    public TxnOutcome {
        results = List.copyOf(results);
    }

    /** The result of one operation. */
    public sealed interface OpResult {
        record Put() implements OpResult {}

        record Read(Listing listing) implements OpResult {}

        record Deleted(long count) implements OpResult {}
    }

    /** What the read at this position found. */
    public Listing read(int index) {
        if (results.get(index) instanceof OpResult.Read(Listing listing)) {
            return listing;
        }
        throw new IllegalArgumentException("operation " + index + " was no read");
    }

    static TxnOutcome of(TxnResponse response, boolean repeated) {
        long revision = response.getHeader().getRevision();
        List<OpResult> results =
                response.getResponsesList().stream().map(op -> result(op, revision)).toList();
        return new TxnOutcome(response.getSucceeded(), revision, results, repeated);
    }

    private static OpResult result(ResponseOp op, long revision) {
        return switch (op.getResponseCase()) {
            case RESPONSE_RANGE -> new OpResult.Read(Listing.of(op.getResponseRange(), revision));
            case RESPONSE_DELETE_RANGE ->
                    new OpResult.Deleted(op.getResponseDeleteRange().getDeleted());
            case RESPONSE_PUT, RESPONSE_TXN, RESPONSE_NOT_SET -> new OpResult.Put();
        };
    }
}
