package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;

/** Bytes that are written straight into the connection's buffer if the windows allow it. */
public interface Body {
    int size();

    /** Writes exactly {@link #size} bytes. */
    void writeTo(ByteBuf out);

    /** The same bytes, to be kept until the client takes them; the caller releases the buffer. */
    ByteBuf kept();
}
