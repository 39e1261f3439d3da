package io.skerry.base.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A client's WebSocket (RFC 6455), seen from the server. One thread may receive while another one
 * sends. Pings, pongs and fragments are dealt with below it.
 */
public interface WebSocket {
    /**
     * Waits for the client's next message, text or UTF-8 in bytes; while none is waited for, few
     * are read. Null when the client has closed or is gone.
     */
    @Nullable String receive() throws InterruptedException;

    /**
     * Sends a message at once, and waits while the client does not keep up.
     *
     * @throws IOException when the client has closed, is gone, or the listener closes
     */
    void send(String text) throws IOException, InterruptedException;

    /** Runs when the client has closed or is gone, at once if that is so already. */
    void onClose(Runnable action);
}
