package io.skerry.base.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Where a listener listens: {@code http://host:port}, {@code https://host:port}, {@code
 * unix:///path}.
 */
public sealed interface ListenUrl {

    /**
     * A TCP address.
     *
     * @param port 0 picks a free one
     */
    record Tcp(String host, int port, boolean tls) implements ListenUrl {
        public Tcp {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " is not within 0..65535");
            }
        }

        @Override
        public String toString() {
            String shown = host.contains(":") ? "[" + host + "]" : host;
            return (tls ? "https://" : "http://") + shown + ":" + port;
        }
    }

    /** A Unix socket, which is created and removed by the listener. Clear text. */
    record Unix(Path path) implements ListenUrl {
        @Override
        public String toString() {
            return "unix://" + path.toAbsolutePath();
        }
    }

    /**
     * Reads a URL as etcd and fleet take it: scheme, host, port (must be present) and no path.
     *
     * @throws IllegalArgumentException says what is wrong with the text, in one line
     */
    static ListenUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a URL: " + e.getReason(), e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        return switch (scheme) {
            case "http", "https" -> tcp(text, uri, scheme.equals("https"));
            case "unix" -> unix(text, uri);
            default ->
                    throw new IllegalArgumentException(
                            "URL \"" + text + "\" must begin with http://, https:// or unix://");
        };
    }

    private static Tcp tcp(String text, URI uri, boolean tls) {
        String host = uri.getHost();
        if (host == null || uri.getPort() < 0) {
            throw new IllegalArgumentException(
                    "URL \""
                            + text
                            + "\" must name a host and a port, e.g. https://127.0.0.1:2379");
        }
        String path = uri.getPath();
        if (path != null && !path.isEmpty() && !path.equals("/")) {
            throw new IllegalArgumentException("URL \"" + text + "\" must not have a path");
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Tcp(host, uri.getPort(), tls);
    }

    private static Unix unix(String text, URI uri) {
        String path = uri.getPath();
        if (uri.getAuthority() != null || path == null || path.length() < 2) {
            throw new IllegalArgumentException(
                    "URL \"" + text + "\" must be unix:// and an absolute path");
        }
        return new Unix(Path.of(path));
    }
}
