package io.skerry.etcd.server.consensus.peer;

import io.skerry.base.log.Log;
import java.net.Socket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A connection that a peer opened to us, with its requests. */
public final class PeerChannel {
    private static final Log LOG = Log.of(PeerChannel.class);

    private final long peer;
    private final String remote;
    private final FrameConnection connection;
    private volatile boolean large;

    /** What a handler keeps with the connection. */
    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();

    PeerChannel(Socket socket, long peer, PeerVolume.Of volume, Handlers handlers) {
        this.peer = peer;
        this.remote = String.valueOf(socket.getRemoteSocketAddress());
        this.connection =
                new FrameConnection(
                        socket,
                        Long.toHexString(peer),
                        volume,
                        new FrameConnection.Sink() {
                            @Override
                            public void frame(Frame frame) {
                                peerReads();
                                if (frame.kind() == Frame.REQUEST) {
                                    handlers.handle(
                                            new PeerRequest(
                                                    PeerChannel.this,
                                                    frame.id(),
                                                    frame.type(),
                                                    frame.payload()));
                                } else {
                                    close("it answers what was not asked");
                                }
                            }

                            @Override
                            public void closed(String reason) {
                                LOG.debug(
                                        "peer left",
                                        "peer",
                                        Long.toHexString(peer),
                                        "reason",
                                        reason);
                                handlers.closed(PeerChannel.this);
                            }
                        });
    }

    void start() {
        connection.start();
    }

    void send(byte[] frame) {
        if (frame.length > FrameConnection.SMALL_BYTES) {
            large = true;
        }
        // An answer that cannot be sent is missed by nobody but the asker, who has a deadline.
        var _ = connection.send(frame);
    }

    /** A peer that goes on asking has read its answers, unless they are such as take time. */
    private void peerReads() {
        if (!large) {
            connection.allRead();
        }
    }

    /** Called now and then: ends the connection if the peer does not go on with its message. */
    void look() {
        connection.look();
    }

    /** Member id of the peer. */
    public long peer() {
        return peer;
    }

    /** Address of the peer's end. */
    public String remote() {
        return remote;
    }

    public ConcurrentMap<String, Object> attributes() {
        return attributes;
    }

    public void close(String reason) {
        connection.close(reason);
    }

    /** Who answers the requests of a channel. */
    interface Handlers {
        void handle(PeerRequest request);

        void closed(PeerChannel channel);
    }
}
