package io.skerry.etcd.server.membership;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;

/** Why a change of the members is refused, in etcd's codes and words. */
public enum MemberRefusal {
    ID_EXISTS(GrpcCode.FAILED_PRECONDITION, "member ID already exist"),
    URL_EXISTS(GrpcCode.FAILED_PRECONDITION, "Peer URLs already exists"),
    BAD_URLS(GrpcCode.INVALID_ARGUMENT, "given member URLs are invalid"),
    NOT_FOUND(GrpcCode.NOT_FOUND, "member not found"),
    NOT_LEARNER(GrpcCode.FAILED_PRECONDITION, "can only promote a learner member"),
    LEARNER_NOT_READY(
            GrpcCode.FAILED_PRECONDITION,
            "can only promote a learner member which is in sync with leader"),
    TOO_MANY_LEARNERS(GrpcCode.FAILED_PRECONDITION, "too many learner members in cluster"),
    NOT_ENOUGH_STARTED(
            GrpcCode.FAILED_PRECONDITION,
            "re-configuration failed due to not enough started members"),
    /** The first leader has not written the list yet: whoever asks again is served soon. */
    NOT_BEGUN(GrpcCode.UNAVAILABLE, "no leader"),
    UNHEALTHY(GrpcCode.UNAVAILABLE, "unhealthy cluster"),
    NOT_FOR_LEARNERS(GrpcCode.UNAVAILABLE, "rpc not supported for learner"),
    NOT_LEADER(GrpcCode.FAILED_PRECONDITION, "not leader"),
    BAD_TRANSFEREE(GrpcCode.FAILED_PRECONDITION, "bad leader transferee"),
    NO_CLUSTER_VERSION(GrpcCode.UNAVAILABLE, "cluster version not found during downgrade"),
    BAD_VERSION_FORMAT(GrpcCode.INVALID_ARGUMENT, "wrong downgrade target version format"),
    BAD_DOWNGRADE_TARGET(GrpcCode.INVALID_ARGUMENT, "invalid downgrade target version"),
    DOWNGRADE_IN_PROGRESS(GrpcCode.FAILED_PRECONDITION, "cluster has a downgrade job in progress"),
    NO_DOWNGRADE(GrpcCode.FAILED_PRECONDITION, "no inflight downgrade job");

    private final GrpcCode code;
    private final String message;

    MemberRefusal(GrpcCode code, String message) {
        this.code = code;
        this.message = "etcdserver: " + message;
    }

    public String message() {
        return message;
    }

    public GrpcException exception() {
        return new GrpcException(code, message);
    }
}
