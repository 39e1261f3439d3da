package io.skerry.base.grpc;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** What a handler may know of the caller. */
public interface GrpcContext {
    /** The verified certificate of the client; null when it showed none. */
    @Nullable X509Certificate peerCertificate();

    /** A request header (metadata), by its lower-case name. */
    @Nullable String metadata(String name);

    /** Host and port of the caller, a socket path, or {@code in-process}. */
    String remoteAddress();
}
