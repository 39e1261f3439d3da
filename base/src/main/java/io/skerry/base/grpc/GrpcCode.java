package io.skerry.base.grpc;

/** The status codes of gRPC, in the order of their numbers. */
public enum GrpcCode {
    OK(0),
    CANCELLED(1),
    UNKNOWN(2),
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    OUT_OF_RANGE(11),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    DATA_LOSS(15),
    UNAUTHENTICATED(16);

    private static final GrpcCode[] BY_NUMBER = values();

    private final int number;

    GrpcCode(int number) {
        this.number = number;
    }

    /** The number that {@code grpc-status} carries. */
    public int number() {
        return number;
    }

    /** The code of a number; numbers that gRPC does not define are {@link #UNKNOWN}. */
    public static GrpcCode of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }
}
