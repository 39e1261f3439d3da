package io.skerry.etcd.server.mvcc.engine;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcFailure;
import org.h2.mvstore.MVStoreException;

/**
 * The file cannot be read or written, or is closed already: this member cannot go on, but another
 * can answer. What MVStore throws, in words of ours; nobody beyond the engine sees it.
 */
public final class EngineFailedException extends RuntimeException implements GrpcFailure {
    private static final long serialVersionUID = 1L;

    public EngineFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    static EngineFailedException of(MVStoreException cause) {
        Throwable reason = cause.getCause() == null ? cause : cause.getCause();
        return new EngineFailedException(
                "the store's file cannot be used: " + reason.getMessage(), cause);
    }

    @Override
    public GrpcException status() {
        return new GrpcException(
                GrpcCode.UNAVAILABLE,
                "etcdserver: server stopped: the store's file cannot be used",
                this);
    }
}
