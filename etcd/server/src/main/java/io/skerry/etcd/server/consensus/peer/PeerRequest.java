package io.skerry.etcd.server.consensus.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcException;

/**
 * A request of a peer that waits for its answer, unless the peer wants none. Thread-safe; the first
 * answer counts.
 */
public final class PeerRequest {
    private final PeerChannel channel;
    private final long id;
    private final int type;
    private final ByteString payload;

    PeerRequest(PeerChannel channel, long id, int type, ByteString payload) {
        this.channel = channel;
        this.id = id;
        this.type = type;
        this.payload = payload;
    }

    public int type() {
        return type;
    }

    public ByteString payload() {
        return payload;
    }

    /** The connection on which it came. */
    public PeerChannel channel() {
        return channel;
    }

    public void reply(int responseType, MessageLite response) {
        if (id != Frame.UNANSWERED) {
            channel.send(Frame.encode(Frame.RESPONSE, id, responseType, response));
        }
    }

    public void reply(int responseType, ByteString response) {
        if (id != Frame.UNANSWERED) {
            channel.send(Frame.encode(Frame.RESPONSE, id, responseType, response));
        }
    }

    /** Answers with a failure, which the asker gets as the same exception. */
    public void fail(GrpcException failure) {
        if (id == Frame.UNANSWERED) {
            return;
        }
        channel.send(
                Frame.encode(
                        Frame.FAILURE,
                        id,
                        failure.code().number(),
                        ByteString.copyFromUtf8(String.valueOf(failure.getMessage()))));
    }
}
