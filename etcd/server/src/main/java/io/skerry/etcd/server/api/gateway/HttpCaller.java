package io.skerry.etcd.server.api.gateway;

import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.http.HttpCall;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The caller behind an HTTP request. It has no certificate: as in etcd, the name in a certificate
 * is no user for the gateway.
 */
record HttpCaller(@Nullable String token, String remoteAddress) implements GrpcContext {
    /** Its token is in the header {@code Authorization}. */
    static HttpCaller posted(HttpCall call) {
        return new HttpCaller(call.header("authorization"), call.remoteAddress());
    }

    /**
     * Pages cannot set that header: their token may follow {@value SocketCall#BEARER} among the
     * subprotocols that they offer.
     */
    static HttpCaller overSocket(HttpCall call) {
        String offered = call.header("sec-websocket-protocol");
        String[] protocols = offered == null ? new String[0] : offered.split(",", 2);
        return protocols.length == 2 && protocols[0].strip().equals(SocketCall.BEARER)
                ? new HttpCaller(protocols[1].strip(), call.remoteAddress())
                : posted(call);
    }

    @Override
    public @Nullable X509Certificate peerCertificate() {
        return null;
    }

    @Override
    public @Nullable String metadata(String name) {
        return name.equals("token") ? token : null;
    }
}
