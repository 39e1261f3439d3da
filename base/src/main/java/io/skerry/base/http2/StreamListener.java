package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;

/** What happens on a stream of a client; called on the connection's event loop. */
public interface StreamListener {
    /**
     * Bytes of the request's body came.
     *
     * @param bytes to be read or copied before this returns; it must not be released
     */
    void data(ByteBuf bytes);

    /** The request is complete. */
    void halfClosed();

    /**
     * Nothing of the request came for long, and it is not complete. Whoever needs the whole request
     * before there is an answer refuses it; for others a silent client is none that stalls.
     */
    default void stalled() {}

    /** The client reset the stream or its connection is gone; nothing can be sent any more. */
    void gone(String reason);
}
