/**
 * The serving side of HTTP/2: one connection as one channel handler with a small record for each
 * stream, flow control both ways, and limits against floods. Frames are read and header blocks
 * decoded by Netty's codec; what is written is put into one buffer and leaves once for a burst.
 * Called by {@code http}, which accepts connections, and by {@code grpc}, which answers streams. It
 * knows nothing of gRPC, and never blocks an event loop.
 */
@NullMarked
package io.skerry.base.http2;

import org.jspecify.annotations.NullMarked;
