package io.skerry.base.http;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a handler answers. */
public sealed interface HttpReply {
    int status();

    Map<String, String> headers();

    /** A body known at once. */
    record Full(int status, Map<String, String> headers, ByteString body) implements HttpReply {}

    /** A body written while the client reads it. */
    record Streaming(int status, Map<String, String> headers, BodyWriter writer)
            implements HttpReply {}

    /** Writes a body; runs on the request's virtual thread and may block. */
    @FunctionalInterface
    interface BodyWriter {
        void write(BodySink sink) throws IOException, InterruptedException;
    }

    /** The body being written. */
    interface BodySink {
        /**
         * Sends bytes at once, and waits while the client does not keep up.
         *
         * @throws IOException when the client is gone or the listener closes
         */
        void write(byte[] bytes) throws IOException, InterruptedException;

        /** Runs when the client is gone or the body is complete, at once if that is so already. */
        void onClose(Runnable action);
    }

    static HttpReply of(int status, String contentType, byte[] body) {
        return new Full(status, Map.of("content-type", contentType), ByteString.copyFrom(body));
    }

    static HttpReply json(int status, byte[] body) {
        return of(status, "application/json", body);
    }

    static HttpReply text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static HttpReply empty(int status) {
        return new Full(status, Map.of(), ByteString.EMPTY);
    }

    static HttpReply stream(int status, String contentType, BodyWriter writer) {
        return new Streaming(status, Map.of("content-type", contentType), writer);
    }
}
