package io.skerry.base.http;

import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 client for the command line: one connection per request, blocking, no event
 * loops, so that a command starts fast. Thread-safe.
 */
public final class BlockingHttp {
    /**
     * A response whose body is read as it comes. Close it.
     *
     * @param headers by lower-case name
     */
    public record Response(int status, Map<String, String> headers, InputStream body)
            implements AutoCloseable {
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /**
     * A client of one server.
     *
     * @param tls for https: trusted authority and the client's certificate; null: the system's
     *     authorities and no certificate
     * @param timeout to connect, and between bytes of a response unless it is streamed
     */
    public BlockingHttp(ListenUrl server, @Nullable TlsFiles tls, Duration timeout) {}

    /** Sends a request and returns when the response's head has come. The body has the timeout. */
    @SuppressWarnings("DoNotCallSuggester")
    public Response send(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        throw new IOException("not connected");
    }

    /** As {@link #send}, for a body that may be silent for any time, e.g. a followed log. */
    @SuppressWarnings("DoNotCallSuggester")
    public Response follow(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        throw new IOException("not connected");
    }
}
