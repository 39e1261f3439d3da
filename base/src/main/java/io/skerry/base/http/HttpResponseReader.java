package io.skerry.base.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads the HTTP/1.1 responses of one connection, one after the other. */
final class HttpResponseReader {
    private static final int MAX_LINE_BYTES = 16 << 10;
    private static final int MAX_HEADERS = 200;

    /** Hears that a response's body was closed, once. */
    @FunctionalInterface
    interface WhenClosed {
        /**
         * The body is done with.
         *
         * @param reusable true: it was read to its end and another response may follow
         */
        void closed(boolean reusable);
    }

    private final InputStream in;

    HttpResponseReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    BlockingHttp.Response read(String method, WhenClosed whenClosed) throws IOException {
        while (true) {
            int status = status(line());
            Map<String, String> headers = headers();
            if (status >= 200) {
                var body = body(method, status, headers, whenClosed);
                return new BlockingHttp.Response(status, headers, body);
            }
        }
    }

    private static int status(String line) throws IOException {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("\\d{3}")) {
            throw new IOException("the server does not speak HTTP");
        }
        return Integer.parseInt(parts[1]);
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (int i = 0; i < MAX_HEADERS; i++) {
            String line = line();
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("the server sent a malformed header");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        throw new IOException("the server sent more than " + MAX_HEADERS + " headers");
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream(64);
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() >= MAX_LINE_BYTES) {
                throw new IOException("the server sent a header line that is too long");
            }
            line.write(b);
        }
    }

    private InputStream body(
            String method, int status, Map<String, String> headers, WhenClosed whenClosed)
            throws IOException {
        String length = headers.get("content-length");
        boolean last = "close".equalsIgnoreCase(headers.get("connection"));
        WhenClosed end = last ? reusable -> whenClosed.closed(false) : whenClosed;
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return new Body(Framing.LENGTH, 0, end);
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new Body(Framing.CHUNKED, 0, end);
        }
        if (length == null) {
            return new Body(Framing.UNTIL_CLOSE, 0, end);
        }
        try {
            return new Body(Framing.LENGTH, Long.parseUnsignedLong(length), end);
        } catch (NumberFormatException e) {
            throw new IOException("the server sent the content length \"" + length + "\"", e);
        }
    }

    /** How the end of a body is told. */
    private enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final class Body extends InputStream {
        private final Framing framing;
        private long remaining;
        private boolean first = true;
        private final AtomicReference<@Nullable WhenClosed> whenClosed;
        private volatile boolean ended;

        Body(Framing framing, long length, WhenClosed whenClosed) {
            this.framing = framing;
            this.remaining = length;
            this.whenClosed = new AtomicReference<>(whenClosed);
            this.ended = framing == Framing.LENGTH && length == 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (ended) {
                return -1;
            }
            if (framing == Framing.CHUNKED && remaining == 0) {
                nextChunk();
            }
            if (ended || (framing != Framing.UNTIL_CLOSE && remaining == 0)) {
                ended = true;
                return -1;
            }
            int wanted = framing == Framing.UNTIL_CLOSE ? count : (int) Math.min(count, remaining);
            int n = in.read(bytes, offset, wanted);
            if (n < 0) {
                ended = framing == Framing.UNTIL_CLOSE;
                if (!ended) {
                    throw new EOFException("the server closed the connection within the response");
                }
                return -1;
            }
            remaining -= framing == Framing.UNTIL_CLOSE ? 0 : n;
            ended = framing == Framing.LENGTH && remaining == 0;
            return n;
        }

        private void nextChunk() throws IOException {
            if (!first && !line().isEmpty()) {
                throw new IOException("the server sent a malformed chunk");
            }
            first = false;
            String size = line().split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,8}")) {
                throw new IOException("the server sent a malformed chunk");
            }
            remaining = Long.parseLong(size, 16);
            if (remaining == 0) {
                ended = true;
                headers();
            }
        }

        @Override
        public void close() {
            WhenClosed hearing = whenClosed.getAndSet(null);
            if (hearing != null) {
                hearing.closed(ended && framing != Framing.UNTIL_CLOSE);
            }
        }
    }
}
