package io.skerry.etcd.server.consensus.peer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One socket after its handshake: a thread that reads frames, and one that writes what others put
 * into its outbox. Frames arrive in the order in which they were sent.
 */
final class FrameConnection {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long STACK_BYTES = 256 << 10;
    private static final long OUTBOX_BYTES = 128L << 20;

    private final Socket socket;
    private final String name;
    private final Sink sink;

    /** Guards the outbox. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition filled = lock.newCondition();
    private final PeerVolume.Of volume;
    private final ArrayDeque<byte[]> outbox = new ArrayDeque<>();
    private long outboxBytes;
    private boolean closed;
    private volatile long lastReceivedNanos = System.nanoTime();

    /**
     * @param volume counts what goes and comes
     */
    FrameConnection(Socket socket, String name, PeerVolume.Of volume, Sink sink) {
        this.socket = socket;
        this.volume = volume;
        this.name = name;
        this.sink = sink;
    }

    /** Begins to read and write; the sink is told of the end exactly once. */
    void start() {
        // Not virtual: one that waits for a socket is woken by way of two others, and with few
        // calls
        // in flight those wake-ups are most of what a call costs.
        thread("peer-write-").start(this::writeAll);
        thread("peer-read-").start(this::readAll);
    }

    private Thread.Builder thread(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix + name).stackSize(STACK_BYTES);
    }

    /**
     * Puts an encoded frame into the outbox.
     *
     * @return false if the connection is closed, also when it is closed now because the other side
     *     takes nothing
     */
    boolean send(byte[] frame) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (outboxBytes + frame.length <= OUTBOX_BYTES) {
                outbox.add(frame);
                outboxBytes += frame.length;
                filled.signal();
                return true;
            }
        } finally {
            lock.unlock();
        }
        close("the peer takes no data");
        return false;
    }

    /** When the other side was last heard. */
    long lastReceivedNanos() {
        return lastReceivedNanos;
    }

    void close(String reason) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            outbox.clear();
            filled.signal();
        } finally {
            lock.unlock();
        }
        // Closing a TLS socket may wait for a peer that takes nothing.
        Thread.ofVirtual().name("peer-close-" + name).start(() -> closeQuietly(socket));
        sink.closed(reason);
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Nothing more is wanted of it.
        }
    }

    private void readAll() {
        try {
            var in =
                    new DataInputStream(
                            new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
            while (true) {
                Frame frame = Frame.read(in);
                lastReceivedNanos = System.nanoTime();
                volume.received().add(frame.encodedBytes());
                sink.frame(frame);
            }
        } catch (EOFException e) {
            close("the peer closed the connection");
        } catch (IOException e) {
            close(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            close("a frame could not be handled: " + e);
            throw e;
        }
    }

    private void writeAll() {
        try {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            while (true) {
                byte[] frame = next(out);
                if (frame.length == 0) {
                    return;
                }
                out.write(frame);
                volume.sent().add(frame.length);
            }
        } catch (IOException e) {
            close(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next frame; empty when closed. Flushes before it waits. */
    private byte[] next(OutputStream out) throws IOException, InterruptedException {
        boolean flushed = false;
        while (true) {
            lock.lock();
            try {
                if (closed) {
                    return new byte[0];
                }
                byte[] frame = outbox.poll();
                if (frame != null) {
                    outboxBytes -= frame.length;
                    return frame;
                }
                if (flushed) {
                    filled.await();
                    continue;
                }
            } finally {
                lock.unlock();
            }
            out.flush();
            flushed = true;
        }
    }

    /** Where a connection's frames go. */
    interface Sink {
        /** Called by the reader, in order; must not block. */
        void frame(Frame frame);

        /** Nothing is called afterwards but frames already being read. */
        void closed(String reason);
    }
}
