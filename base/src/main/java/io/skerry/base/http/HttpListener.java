package io.skerry.base.http;

import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1, HTTP/2 and gRPC on one address: over TLS with ALPN, or in clear text where
 * HTTP/2 is spoken with prior knowledge.
 */
public final class HttpListener implements AutoCloseable {
    /**
     * What a listener serves.
     *
     * @param tls needed for https, refused for others
     * @param maxBodyBytes larger HTTP bodies get 413
     * @param maxGrpcMessageBytes larger gRPC messages get RESOURCE_EXHAUSTED
     * @param http null: every HTTP request that is not gRPC gets 404
     * @param grpc null: gRPC requests get UNIMPLEMENTED
     */
    public record Options(
            @Nullable TlsFiles tls,
            int maxBodyBytes,
            int maxGrpcMessageBytes,
            @Nullable HttpRouter http,
            @Nullable GrpcRouter grpc) {

        public static Options of(@Nullable TlsFiles tls, HttpRouter http) {
            return new Options(tls, 1 << 20, 2 << 20, http, null);
        }

        public static Options of(
                @Nullable TlsFiles tls, @Nullable HttpRouter http, GrpcRouter grpc) {
            return new Options(tls, 1 << 20, 2 << 20, http, grpc);
        }
    }

    private HttpListener() {}

    /**
     * Starts to listen; returns when connections are accepted.
     *
     * @throws IOException names the address and what is wrong: in use, not permitted, bad
     *     certificate
     */
    @SuppressWarnings("DoNotCallSuggester")
    public static HttpListener start(Network network, ListenUrl url, Options options)
            throws IOException {
        throw new IOException("cannot listen at " + url + " yet");
    }

    /** The TCP port, also when 0 was asked for; -1 on a Unix socket. */
    public int port() {
        return -1;
    }

    /** Accepts no more, lets running requests end within two seconds, then cuts the rest. */
    @Override
    public void close() {}
}
