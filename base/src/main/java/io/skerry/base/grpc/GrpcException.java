package io.skerry.base.grpc;

import org.jspecify.annotations.Nullable;

/**
 * A call that ended with another status than OK. The message is the {@code grpc-message}.
 *
 * <p>It is a value that travels between threads and over the network, so it has no stack trace of
 * its own.
 */
public final class GrpcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final GrpcCode code;
    private final boolean neverSent;

    public GrpcException(GrpcCode code, String message) {
        this(code, message, null, false);
    }

    public GrpcException(GrpcCode code, String message, @Nullable Throwable cause) {
        this(code, message, cause, false);
    }

    private GrpcException(
            GrpcCode code, String message, @Nullable Throwable cause, boolean neverSent) {
        super(message, cause, false, false);
        if (code == GrpcCode.OK) {
            throw new IllegalArgumentException("a failed call cannot have the status OK");
        }
        this.code = code;
        this.neverSent = neverSent;
    }

    /** UNAVAILABLE, and certainly no server got the whole request: any request may be retried. */
    public static GrpcException neverSent(String message, @Nullable Throwable cause) {
        return new GrpcException(GrpcCode.UNAVAILABLE, message, cause, true);
    }

    /**
     * What a failed future means as a status: a GrpcException itself (also inside completion
     * wrappers), what a {@link GrpcFailure} says, anything else is UNKNOWN.
     */
    public static GrpcException from(Throwable failure) {
        GrpcException known = find(failure);
        return known != null
                ? known
                : new GrpcException(
                        GrpcCode.UNKNOWN, String.valueOf(failure.getMessage()), failure);
    }

    /** The status that a failure or one of its causes knows; null if none does. */
    static @Nullable GrpcException find(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof GrpcException grpc) {
                return grpc;
            }
            if (t instanceof GrpcFailure other) {
                return other.status();
            }
        }
        return null;
    }

    public GrpcCode code() {
        return code;
    }

    /** True when no server can have seen the whole request. */
    public boolean neverSent() {
        return neverSent;
    }
}
