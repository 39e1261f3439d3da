package io.skerry.base.http;

import java.io.IOException;

/**
 * Converses over one WebSocket; runs on a virtual thread of its own and may block. The WebSocket is
 * closed when it returns. The thread is interrupted when the listener closes.
 */
@FunctionalInterface
public interface WebSocketHandler {
    /**
     * Serves the client until there is no more to say.
     *
     * @param call the request by which the client opened the WebSocket; it has no body
     */
    void converse(HttpCall call, WebSocket socket) throws IOException, InterruptedException;
}
