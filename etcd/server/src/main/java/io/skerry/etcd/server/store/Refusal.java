package io.skerry.etcd.server.store;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.CommandResult;

/** Why a request is refused, in etcd's codes and words, by which its clients recognize it. */
public enum Refusal {
    EMPTY_KEY(GrpcCode.INVALID_ARGUMENT, "etcdserver: key is not provided"),
    KEY_NOT_FOUND(GrpcCode.INVALID_ARGUMENT, "etcdserver: key not found"),
    KEY_RESERVED(
            GrpcCode.INVALID_ARGUMENT,
            "etcdserver: keys that begin with eight bytes FF are reserved; use another key"),
    VALUE_PROVIDED(GrpcCode.INVALID_ARGUMENT, "etcdserver: value is provided"),
    LEASE_PROVIDED(GrpcCode.INVALID_ARGUMENT, "etcdserver: lease is provided"),
    TOO_MANY_OPERATIONS(
            GrpcCode.INVALID_ARGUMENT, "etcdserver: too many operations in txn request"),
    DUPLICATE_KEY(GrpcCode.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"),
    INVALID_SORT(GrpcCode.INVALID_ARGUMENT, "etcdserver: invalid sort option"),
    REQUEST_TOO_LARGE(GrpcCode.INVALID_ARGUMENT, "etcdserver: request is too large"),
    COMPACTED(GrpcCode.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"),
    FUTURE_REVISION(
            GrpcCode.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision"),
    LEASE_NOT_FOUND(GrpcCode.NOT_FOUND, "etcdserver: requested lease not found"),
    LEASE_EXISTS(GrpcCode.FAILED_PRECONDITION, "etcdserver: lease already exists"),
    LEASE_TTL_TOO_LARGE(GrpcCode.OUT_OF_RANGE, "etcdserver: too large lease TTL"),
    NO_SPACE(GrpcCode.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"),
    CORRUPT(GrpcCode.DATA_LOSS, "etcdserver: corrupt cluster"),
    NO_LEADER(GrpcCode.UNAVAILABLE, "etcdserver: no leader"),
    WATCH_CANCELED(GrpcCode.CANCELLED, "etcdserver: watch canceled");

    private final GrpcCode code;
    private final String message;

    Refusal(GrpcCode code, String message) {
        this.code = code;
        this.message = message;
    }

    public GrpcCode code() {
        return code;
    }

    public String message() {
        return message;
    }

    /** As the outcome of a command. */
    CommandResult result() {
        return CommandResult.refused(code, message);
    }

    /** As the status of a call. */
    public GrpcException exception() {
        return new GrpcException(code, message);
    }
}
