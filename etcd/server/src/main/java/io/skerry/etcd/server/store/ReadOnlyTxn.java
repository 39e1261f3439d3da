package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.server.mvcc.ReadView;
import java.util.function.LongFunction;

/** A txn none of whose branches can write: it needs no log entry and reads a view. */
public final class ReadOnlyTxn {
    private ReadOnlyTxn() {}

    public static boolean is(TxnRequest request) {
        return TxnExecution.readsOnly(request);
    }

    /**
     * Carries it out and encodes its response.
     *
     * @param header makes the encoded header for a revision
     */
    public static ByteString run(TxnRequest request, ReadView view, LongFunction<ByteString> header)
            throws RefusedException {
        return new TxnExecution(null, null, () -> view).txn(request, header);
    }
}
