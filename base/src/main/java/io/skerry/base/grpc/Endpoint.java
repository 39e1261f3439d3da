package io.skerry.base.grpc;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a gRPC server listens.
 *
 * @param host name or address; the path of the socket for {@code unix}
 * @param port 0 for a Unix socket
 * @param socket null for TCP
 */
record Endpoint(String host, int port, boolean tls, @Nullable Path socket) {
    static Endpoint of(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        return switch (scheme) {
            case "http", "https" -> {
                String host = uri.getHost();
                if (host == null || uri.getPort() < 0) {
                    throw new IllegalArgumentException(
                            "endpoint " + uri + " must name a host and a port");
                }
                yield new Endpoint(
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        uri.getPort(),
                        scheme.equals("https"),
                        null);
            }
            case "unix" -> new Endpoint("localhost", 0, false, Path.of(uri.getPath()));
            default ->
                    throw new IllegalArgumentException(
                            "endpoint " + uri + " must begin with http://, https:// or unix://");
        };
    }

    String authority() {
        return port == 0 ? host : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return socket != null ? "unix://" + socket : (tls ? "https://" : "http://") + authority();
    }
}
