package io.skerry.etcd.server.auth;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.util.List;

/**
 * Whether a caller may do what a request on keys asks for. A txn needs the rights of all its
 * operations and compares, of both branches and of nested txns, whichever would be carried out.
 */
public final class RequestAccess {
    private static final ByteString ONE_KEY = ByteString.EMPTY;

    private final AuthState state;
    private final Caller caller;
    private final LeaseKeys leases;

    /** The keys that hang on a lease; none if there is no such lease. */
    @FunctionalInterface
    public interface LeaseKeys {
        List<byte[]> of(long lease);
    }

    public RequestAccess(AuthState state, Caller caller, LeaseKeys leases) {
        this.state = state;
        this.caller = caller;
        this.leases = leases;
    }

    public void range(RangeRequest request) throws DeniedException {
        state.requireRead(caller, request.getKey(), request.getRangeEnd());
    }

    /**
     * Who attaches a key to a lease must be able to end the lease: it needs to write all keys that
     * hang on it already.
     */
    public void put(PutRequest request) throws DeniedException {
        state.requireWrite(caller, request.getKey(), ONE_KEY);
        if (request.getLease() != 0) {
            writeKeysOf(request.getLease());
        }
        if (request.getPrevKv()) {
            state.requireRead(caller, request.getKey(), ONE_KEY);
        }
    }

    public void deleteRange(DeleteRangeRequest request) throws DeniedException {
        state.requireWrite(caller, request.getKey(), request.getRangeEnd());
        if (request.getPrevKv()) {
            state.requireRead(caller, request.getKey(), request.getRangeEnd());
        }
    }

    public void txn(TxnRequest request) throws DeniedException {
        for (var compare : request.getCompareList()) {
            state.requireRead(caller, compare.getKey(), compare.getRangeEnd());
        }
        operations(request.getSuccessList());
        operations(request.getFailureList());
        if (request.getCompareCount() + request.getSuccessCount() + request.getFailureCount()
                == 0) {
            state.requireKnown(caller);
        }
    }

    private void operations(List<RequestOp> operations) throws DeniedException {
        for (var operation : operations) {
            switch (operation.getRequestCase()) {
                case REQUEST_RANGE -> range(operation.getRequestRange());
                case REQUEST_PUT -> put(operation.getRequestPut());
                case REQUEST_DELETE_RANGE -> deleteRange(operation.getRequestDeleteRange());
                case REQUEST_TXN -> txn(operation.getRequestTxn());
                case REQUEST_NOT_SET -> {}
            }
        }
    }

    /** The caller may end the lease, and with it all its keys. */
    public void writeKeysOf(long lease) throws DeniedException {
        if (state.unrestricted(caller)) {
            return;
        }
        for (byte[] key : leases.of(lease)) {
            state.requireWrite(caller, ByteString.copyFrom(key), ONE_KEY);
        }
    }

    /** The caller may see which keys hang on the lease. */
    public void readKeysOf(long lease) throws DeniedException {
        if (state.unrestricted(caller)) {
            return;
        }
        for (byte[] key : leases.of(lease)) {
            state.requireRead(caller, ByteString.copyFrom(key), ONE_KEY);
        }
    }
}
