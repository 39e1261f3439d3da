package io.skerry.base.grpc;

import io.skerry.base.http2.LoopTask;
import io.skerry.base.http2.ServerStream;
import io.skerry.base.log.Log;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What calls on a server have in common: they tell their handler of the caller, which is looked up
 * only when a handler asks. A call is its own context and its own task for the event loop, which
 * saves two objects for each.
 */
abstract class CallContext extends LoopTask implements GrpcContext {
    private static final Log LOG = Log.of(CallContext.class);

    final ServerStream stream;

    CallContext(ServerStream stream) {
        this.stream = stream;
    }

    @Override
    public final @Nullable X509Certificate peerCertificate() {
        return stream.connection().peerCertificate();
    }

    @Override
    public final @Nullable String metadata(String name) {
        return stream.head().header(name);
    }

    @Override
    public final String remoteAddress() {
        return stream.connection().remoteAddress();
    }

    final String path() {
        return CallPlan.path(stream.head());
    }

    /**
     * The status of a failed handler; what is neither a GrpcException nor a {@link GrpcFailure} is
     * a bug and is logged.
     */
    static GrpcException status(String path, @Nullable Throwable failure) {
        GrpcException known = GrpcException.find(failure);
        if (known != null) {
            return known;
        }
        Throwable cause = failure == null ? new NullPointerException("null response") : failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        LOG.error("handler failed", "method", path, cause);
        return new GrpcException(GrpcCode.UNKNOWN, String.valueOf(cause.getMessage()));
    }
}
