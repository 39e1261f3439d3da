package io.skerry.base.grpc;

import io.skerry.base.log.Log;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a request tells of its caller; looked up only when a handler asks. */
record CallContext(HttpServerRequest request) implements GrpcContext {
    private static final Log LOG = Log.of(CallContext.class);

    @Override
    public @Nullable X509Certificate peerCertificate() {
        SSLSession session = request.connection().sslSession();
        if (session == null) {
            return null;
        }
        try {
            return (X509Certificate) session.getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    @Override
    public @Nullable String metadata(String name) {
        return request.getHeader(name);
    }

    @Override
    public String remoteAddress() {
        return String.valueOf(request.remoteAddress());
    }

    /** The status of a failed handler; what is not a GrpcException is a bug and is logged. */
    static GrpcException status(String path, @Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof GrpcException known) {
            return known;
        }
        return bug(path, cause == null ? new NullPointerException("null response") : cause);
    }

    static GrpcException bug(String path, Throwable failure) {
        LOG.error("handler failed", "method", path, failure);
        return new GrpcException(GrpcCode.UNKNOWN, String.valueOf(failure.getMessage()));
    }
}
