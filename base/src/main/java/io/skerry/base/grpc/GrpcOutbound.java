package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * The sending side of a stream. Thread-safe; messages leave in the order of the calls of one
 * thread. After the end of the stream every call is ignored. One encoded message may be sent to
 * many streams; its bytes are not copied for each.
 */
public interface GrpcOutbound {
    /** Sends a message; it is queued without bound, so a sender of many looks at {@link #ready}. */
    void send(ByteString encodedMessage);

    /**
     * Sends a message for each of these middles: the first part, the middle, the last part. What
     * they share is kept once, however many they are.
     */
    default void sendAlike(ByteString first, List<ByteString> middles, ByteString last) {
        for (ByteString middle : middles) {
            send(first.concat(middle).concat(last));
        }
    }

    /** False while the other side does not keep up and what is queued exceeds a fixed mark. */
    boolean ready();

    /**
     * Runs each time the queue has drained below the mark after {@link #ready} was false. One
     * runnable is kept, the last given. It must not block.
     */
    void onReady(Runnable whenBelowMark);

    /** Ends this direction: on a server with status OK, on a client as half-close. */
    void complete();

    /** Ends the stream: on a server with this status, on a client as cancellation. */
    void fail(GrpcException reason);
}
