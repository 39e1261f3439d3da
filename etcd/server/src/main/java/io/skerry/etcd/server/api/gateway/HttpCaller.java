package io.skerry.etcd.server.api.gateway;

import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.http.HttpCall;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The caller behind an HTTP request. Its token is in the header {@code Authorization}. It has no
 * certificate: as in etcd, the name in a certificate is no user for the gateway.
 */
record HttpCaller(HttpCall call) implements GrpcContext {
    @Override
    public @Nullable X509Certificate peerCertificate() {
        return null;
    }

    @Override
    public @Nullable String metadata(String name) {
        return name.equals("token") ? call.header("authorization") : null;
    }

    @Override
    public String remoteAddress() {
        return call.remoteAddress();
    }
}
