package io.skerry.etcd.server.consensus.peer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * One socket after its handshake: a thread that reads frames, and one that writes what others put
 * into its outbox. Frames arrive in the order in which they were sent.
 *
 * <p>A small frame is written by whoever sends it if nothing waits before it, since waking the
 * writer costs more than writing. Nobody must wait for a peer that takes nothing, so that is done
 * only while all that the peer may not have read yet is so little that the kernel keeps it.
 */
final class FrameConnection {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long STACK_BYTES = 256 << 10;
    private static final long OUTBOX_BYTES = 128L << 20;
    private static final int UNREAD_BYTES = 16 << 10;

    /** So many looks without a byte, and the peer has left a frame unfinished for good. */
    static final int PATIENCE_LOOKS = 4;

    /** A peer whose machine lost its power is known to be gone after two minutes. */
    private static final int SILENT_SECONDS = 60;

    private static final int PROBE_SECONDS = 10;
    private static final int PROBES = 6;

    /** What {@link #send} gives if the connection is closed. */
    static final long CLOSED = -1;

    /** Frames up to this may be written by their sender. */
    static final int SMALL_BYTES = 4 << 10;

    private final Socket socket;
    private final String name;
    private final Sink sink;

    /** Guards the outbox. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition filled = lock.newCondition();
    private final PeerVolume.Of volume;
    private final ArrayDeque<byte[]> outbox = new ArrayDeque<>();
    private long outboxBytes;

    /** All that was ever sent. */
    private long sentBytes;

    /** Where senders may write, while the writer waits for something to do. */
    private @Nullable OutputStream idle;

    /** So much of what was sent has been read by the peer; the reader alone sets it. */
    private volatile long readBytes;

    /** Bytes of frames that have begun to come, as long as the reader waits for more of them. */
    private final AtomicLong unfinished = new AtomicLong();

    /** What {@link #look} saw last, and how often in a row; used by whoever looks alone. */
    private long seen;

    private long seenFrameNanos;
    private int looks;

    private final AtomicBoolean closed = new AtomicBoolean();
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

    /** Sets what a socket between members needs: no delays, and an end when the peer is gone. */
    static void prepare(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, SILENT_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        }
    }

    /** Begins to read and write; the sink is told of the end exactly once. */
    void start() {
        // Not virtual: one that waits for a socket is woken by way of two others, and with few
        // calls in flight those wake-ups are most of what a call costs.
        thread("peer-write-").start(this::writeFrames);
        thread("peer-read-").start(this::readFrames);
    }

    private Thread.Builder thread(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix + name).stackSize(STACK_BYTES);
    }

    /**
     * Writes an encoded frame or puts it into the outbox.
     *
     * @return where the frame ends among all bytes sent; {@link #CLOSED} if it was not sent since
     *     the connection is closed, also when it is closed now because the other side takes nothing
     */
    long send(byte[] frame) {
        long end = CLOSED;
        String failure = "the peer takes no data";
        lock.lock();
        try {
            if (closed.get()) {
                return CLOSED;
            }
            if (outboxBytes + frame.length <= OUTBOX_BYTES) {
                sentBytes += frame.length;
                end = sentBytes;
                OutputStream out = idle;
                if (out != null && outbox.isEmpty() && kernelKeeps(frame)) {
                    write(frame, out);
                    out.flush();
                } else {
                    outbox.add(frame);
                    outboxBytes += frame.length;
                    filled.signal();
                }
                return end;
            }
        } catch (IOException e) {
            // A part may have gone, so that it counts as sent.
            failure = String.valueOf(e.getMessage());
        } finally {
            lock.unlock();
        }
        close(failure);
        return end;
    }

    private boolean kernelKeeps(byte[] frame) {
        return frame.length <= SMALL_BYTES && sentBytes - readBytes <= UNREAD_BYTES;
    }

    private void write(byte[] frame, OutputStream out) throws IOException {
        out.write(frame);
        volume.sent().add(frame.length);
    }

    /**
     * The peer has read all that was sent up to here; called by the sink while it takes a frame.
     */
    void read(long end) {
        readBytes = Math.max(readBytes, end);
    }

    /** The peer has read all that was sent until now; as {@link #read}. */
    void allRead() {
        lock.lock();
        try {
            readBytes = sentBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Called now and then: ends the connection if the peer does not go on with its frame. */
    void look() {
        long now = unfinished.get();
        long frameNanos = lastReceivedNanos;
        // As much of another frame is no standstill: large ones come in pieces of the same size.
        boolean stands = now != 0 && now == seen && frameNanos == seenFrameNanos;
        looks = stands ? looks + 1 : 0;
        seen = now;
        seenFrameNanos = frameNanos;
        if (looks >= PATIENCE_LOOKS) {
            close("the peer stalls within a message");
        }
    }

    /** How much has come of a frame that is not whole. */
    long unfinished() {
        return unfinished.get();
    }

    /** When the other side was last heard. */
    long lastReceivedNanos() {
        return lastReceivedNanos;
    }

    void close(String reason) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // Closing a TLS socket may wait for a peer that takes nothing, and so may the lock.
        Thread.ofVirtual()
                .name("peer-close-" + name)
                .start(() -> {
                    closeQuietly(socket);
                    lock.lock();
                    try {
                        outbox.clear();
                        filled.signal();
                    } finally {
                        lock.unlock();
                    }
                });
        sink.closed(reason);
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Nothing more is wanted of it.
        }
    }

    private void readFrames() {
        try {
            var in =
                    new DataInputStream(
                            new BufferedInputStream(
                                    new Counting(socket.getInputStream()), BUFFER_BYTES));
            while (true) {
                Frame frame = Frame.read(in);
                unfinished.setRelease(0);
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

    /**
     * Counts what comes while a frame is read. What lies in the buffer behind one that is whole is
     * not counted until more comes, so that who sends nothing between frames is not blamed.
     */
    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            if (count > 0) {
                unfinished.setRelease(unfinished.getPlain() + count);
            }
            return count;
        }
    }

    private void writeFrames() {
        try {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            while (true) {
                byte[] frame = next(out);
                if (frame.length == 0) {
                    return;
                }
                write(frame, out);
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
                if (closed.get()) {
                    return new byte[0];
                }
                byte[] frame = outbox.poll();
                if (frame != null) {
                    outboxBytes -= frame.length;
                    return frame;
                }
                if (flushed) {
                    idle = out;
                    filled.await();
                    idle = null;
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
        /** Called by the reader, in order; what it waits for all later frames wait for. */
        void frame(Frame frame);

        /** Nothing is called afterwards but frames already being read. */
        void closed(String reason);
    }
}
