package io.skerry.etcd.server.consensus;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;

/** The failures of consensus in etcd's words. */
final class Failures {
    private static final String STOPPED = "etcdserver: server stopped";
    private static final String NOT_PROPOSED = "skerry: not proposed";

    private Failures() {}

    static GrpcException noLeader() {
        return new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: no leader");
    }

    static GrpcException leaderChanged() {
        return new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: leader changed");
    }

    static GrpcException timedOut() {
        return new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: request timed out");
    }

    static GrpcException connectionLost() {
        return new GrpcException(
                GrpcCode.UNAVAILABLE,
                "etcdserver: request timed out, possibly due to connection lost");
    }

    static GrpcException stopped() {
        return new GrpcException(GrpcCode.UNAVAILABLE, STOPPED);
    }

    static GrpcException tooManyRequests() {
        return new GrpcException(GrpcCode.RESOURCE_EXHAUSTED, "etcdserver: too many requests");
    }

    static GrpcException diskFull() {
        return new GrpcException(
                GrpcCode.RESOURCE_EXHAUSTED,
                "etcdserver: mvcc: database space exceeded: the disk of the data directory is"
                        + " full");
    }

    /** Whether the member that says so is being stopped. */
    static boolean isStopped(GrpcException failure) {
        return STOPPED.equals(failure.getMessage());
    }

    /**
     * Between members only: the command has certainly not entered the log and may be tried again.
     */
    static GrpcException notProposed() {
        return new GrpcException(GrpcCode.FAILED_PRECONDITION, NOT_PROPOSED);
    }

    static boolean isNotProposed(GrpcException failure) {
        return failure.neverSent() || NOT_PROPOSED.equals(failure.getMessage());
    }
}
