package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a client. Confined to its connection's event loop. What is sent after the end of
 * the stream, from either side, is dropped.
 */
public final class ServerStream {
    private final ServerConnection connection;
    private final int id;
    private final RequestHead head;
    private @Nullable StreamListener listener;
    private boolean remoteEnded;
    private boolean localEnded;
    private boolean closed;

    /** What the client may still send, and what it sent that was not yet given back to it. */
    private int receiveWindow;

    private int unreturned;

    private int sendWindow;

    /** In how many looks nothing of the request has come. */
    private int silentLooks;

    // What waits for a window; no array for the many streams that never wait.
    private @Nullable ArrayDeque<ByteBuf> waiting;
    private boolean endWaits;
    private @Nullable HeaderBlock trailersWait;
    private boolean blocked;
    private @Nullable Runnable whenWritable;

    ServerStream(
            ServerConnection connection,
            int id,
            RequestHead head,
            int receiveWindow,
            int sendWindow) {
        this.connection = connection;
        this.id = id;
        this.head = head;
        this.receiveWindow = receiveWindow;
        this.sendWindow = sendWindow;
    }

    public ServerConnection connection() {
        return connection;
    }

    public RequestHead head() {
        return head;
    }

    /** True when nothing more can be sent: it was ended, reset, or the client is gone. */
    public boolean ended() {
        return localEnded || closed;
    }

    /** False while bytes wait for the client to take them; {@link #whenWritable} tells the end. */
    public boolean writable() {
        return !ended() && waiting == null && connection.writable();
    }

    /** How large a part of the body may be to leave in one frame now, without being kept before. */
    public int room() {
        int windows = Math.min(sendWindow, connection.sendWindow());
        return Math.min(windows, connection.out().maxFrameBytes());
    }

    /** Runs on the loop each time the stream may have become writable; one is kept. */
    public void whenWritable(Runnable action) {
        whenWritable = action;
        connection.watchWritable(this);
    }

    /** Sends the response's head; an end here is the end of the stream. */
    public void head(HeaderBlock block, boolean end) {
        if (!ended()) {
            connection.out().headers(id, block, end);
            sent(end);
        }
    }

    /** Sends a part of the response's body. */
    public void data(Body body) {
        if (ended()) {
            return;
        }
        int size = body.size();
        if (waiting == null && size <= room()) {
            connection.out().data(id, body, size);
            took(size);
            sent(false);
        } else {
            later(body.kept());
            connection.sendBlocked();
        }
    }

    /** Ends the response with trailers, after what waits. */
    public void end(HeaderBlock trailers) {
        if (ended()) {
            return;
        }
        if (waiting != null) {
            trailersWait = trailers;
            endWaits = true;
        } else {
            connection.out().headers(id, trailers, true);
            sent(true);
        }
    }

    /** Ends the response, after what waits. */
    public void end() {
        if (ended()) {
            return;
        }
        if (waiting != null) {
            endWaits = true;
        } else {
            connection.out().emptyData(id);
            sent(true);
        }
    }

    /** Ends the stream at once, in both directions. */
    public void reset(Http2Error code) {
        if (!closed) {
            connection.out().reset(id, code.code());
            connection.written();
            close();
        }
    }

    private void took(int bytes) {
        sendWindow -= bytes;
        connection.took(bytes);
    }

    private void later(ByteBuf bytes) {
        ArrayDeque<ByteBuf> queue = waiting;
        if (queue == null) {
            queue = new ArrayDeque<>(4);
            waiting = queue;
        }
        queue.add(bytes);
        if (!blocked) {
            blocked = true;
            connection.blocked(this);
        }
    }

    private void sent(boolean end) {
        connection.written();
        if (end) {
            localEnded = true;
            if (!remoteEnded) {
                // The rest of the request is of no use: the client need not send it.
                connection.out().reset(id, Http2Error.NO_ERROR.code());
            }
            close();
        }
    }

    /**
     * Sends at most one frame of what waits.
     *
     * @return false if it need not be called again until {@link #widen} puts it back in the row
     */
    boolean sendWaiting() {
        ArrayDeque<ByteBuf> queue = waiting;
        ByteBuf first = queue == null ? null : queue.peek();
        if (closed || queue == null || first == null) {
            blocked = false;
            return false;
        }
        if (sendWindow <= 0) {
            blocked = false;
            return false;
        }
        int most = Math.min(connection.sendWindow(), connection.out().maxFrameBytes());
        int size = Math.min(first.readableBytes(), Math.min(sendWindow, most));
        boolean last = size == first.readableBytes() && queue.size() == 1;
        boolean ends = last && endWaits && trailersWait == null;
        connection.out().data(id, first, size, ends);
        took(size);
        if (!first.isReadable()) {
            queue.poll();
            first.release();
        }
        if (!last) {
            connection.written();
            return true;
        }
        waiting = null;
        blocked = false;
        HeaderBlock trailers = trailersWait;
        if (endWaits && trailers != null) {
            connection.out().headers(id, trailers, true);
        }
        sent(endWaits);
        nowWritable();
        return false;
    }

    void nowWritable() {
        Runnable action = whenWritable;
        if (action != null && writable()) {
            action.run();
        }
    }

    /** The client opened the window; false if it is too large for the protocol. */
    boolean widen(int increment) {
        long window = (long) sendWindow + increment;
        if (window > Integer.MAX_VALUE) {
            return false;
        }
        sendWindow = (int) window;
        if (waiting != null && !blocked && sendWindow > 0) {
            blocked = true;
            connection.blocked(this);
        }
        return true;
    }

    /**
     * @param end there comes nothing more: the request has no body
     */
    void accept(StreamAcceptor acceptor, boolean end) {
        remoteEnded = end;
        listener = acceptor.accept(this);
        if (end) {
            halfClose();
        }
    }

    /**
     * Bytes came; {@code flow} of them count, which includes padding.
     *
     * @return false if the client sent more than it may
     */
    boolean received(ByteBuf bytes, int flow, boolean end) {
        receiveWindow -= flow;
        silentLooks = 0;
        if (receiveWindow < 0) {
            return false;
        }
        unreturned += flow;
        remoteEnded = end;
        StreamListener to = listener;
        if (to != null && bytes.isReadable()) {
            to.data(bytes);
        }
        if (end) {
            halfClose();
        } else if (!closed && unreturned >= connection.streamWindowBytes() / 2) {
            connection.out().windowUpdate(id, unreturned);
            receiveWindow += unreturned;
            unreturned = 0;
        }
        return true;
    }

    /** One more look at a request that is not complete; after so many in silence it has stalled. */
    void look(int patience) {
        if (!remoteEnded && ++silentLooks > patience && listener != null) {
            silentLooks = 0;
            listener.stalled();
        }
    }

    void halfClose() {
        if (closed) {
            return;
        }
        remoteEnded = true;
        StreamListener to = listener;
        if (to != null) {
            to.halfClosed();
        }
    }

    boolean remoteEnded() {
        return remoteEnded;
    }

    /** The client reset the stream, or its connection is gone. */
    void gone(String reason) {
        if (closed) {
            return;
        }
        close();
        StreamListener to = listener;
        if (to != null) {
            to.gone(reason);
        }
    }

    private void close() {
        closed = true;
        ArrayDeque<ByteBuf> queue = waiting;
        if (queue != null) {
            waiting = null;
            queue.forEach(ByteBuf::release);
        }
        connection.closed(id, whenWritable != null ? this : null);
    }
}
