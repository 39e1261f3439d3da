package io.skerry.base.grpc;

/**
 * An exception of another kind that knows what it means to a client. It is one wherever it is found
 * among the causes of a failed call, so that whoever throws it needs no one to translate it.
 */
public interface GrpcFailure {
    /** The status of a call that failed for this. */
    GrpcException status();
}
