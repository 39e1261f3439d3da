package io.skerry.etcd.client;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;

/** A request to the store that failed. */
public final class EtcdException extends Exception {
    private static final long serialVersionUID = 1L;

    private final GrpcCode code;
    private final boolean maybeApplied;

    EtcdException(String what, GrpcException cause, boolean maybeApplied) {
        super(what + ": " + cause.getMessage() + " (" + cause.code() + ")", cause);
        this.code = cause.code();
        this.maybeApplied = maybeApplied;
    }

    public GrpcCode code() {
        return code;
    }

    /** True for a write that the store may have made although its answer did not come. */
    public boolean maybeApplied() {
        return maybeApplied;
    }

    /** True when the store cannot be reached or has no leader: trying later may help. */
    public boolean unavailable() {
        return code == GrpcCode.UNAVAILABLE || code == GrpcCode.DEADLINE_EXCEEDED;
    }
}
