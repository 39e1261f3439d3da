package io.skerry.base.grpc;

import org.jspecify.annotations.Nullable;

/**
 * Receives the messages of the other side. Called by one thread at a time; must not block.
 *
 * @param <M> the message received: requests on a server, responses on a client
 */
public interface GrpcInbound<M> {
    void message(M message);

    /** The other side sends no more messages. Always followed by {@link #closed}. */
    void halfClosed();

    /**
     * The stream is over; nothing is called afterwards. On a server a reason means that the client
     * cancelled or vanished; on a client the reason is the final status, null for OK.
     */
    void closed(@Nullable GrpcException reason);
}
