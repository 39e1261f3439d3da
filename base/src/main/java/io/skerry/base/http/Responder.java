package io.skerry.base.http;

import com.google.protobuf.ByteString;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way back to the client of one request. Confined to its event loop. After the end, or when the
 * client is gone, what is sent is dropped.
 */
interface Responder {
    EventLoop loop();

    /** True when nothing more can be sent. */
    boolean ended();

    /**
     * Sends a whole answer.
     *
     * @param body null: the answer has none, whatever the headers say
     */
    void full(int status, Map<String, String> headers, @Nullable ByteString body);

    /** Begins an answer whose body comes in parts. */
    void head(int status, Map<String, String> headers);

    void part(byte[] bytes);

    void end();

    /** Breaks the answer off, so that the client can tell it from a complete one. */
    void reset();

    /** False while the client does not keep up. */
    boolean writable();

    /** Runs on the loop each time the answer may have become writable. */
    void whenWritable(Runnable action);

    /** Whether the request ends with the answer, however much of it is still to come. */
    boolean endsWithItsAnswer();

    /** Whether the connection can become a WebSocket. */
    boolean upgradable();

    /** Makes the connection, whose request is complete, a WebSocket; nothing else is sent. */
    void upgrade(
            WebSocketConnection connection, FullHttpRequest request, List<String> subprotocols);

    /** Whether the request came over TLS. */
    boolean secure();

    @Nullable X509Certificate peerCertificate();

    String remoteAddress();
}
