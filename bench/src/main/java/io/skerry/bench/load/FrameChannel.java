package io.skerry.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/**
 * The client's side of one HTTP/2 connection: buffers, frames in and out, and what concerns the
 * connection as a whole. Driven by one thread.
 */
final class FrameChannel implements AutoCloseable {
    /** What gRPC puts before a message: a byte for compression and four for the length. */
    static final int PREFIX_BYTES = 5;

    static final int STREAM_WINDOW = 16 << 20;

    private static final int CONNECTION_WINDOW = 1 << 30;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int SILENCE_MILLIS = 120_000;
    private static final int CONNECT_MILLIS = 20_000;

    /** Told of the frames of streams while {@link #turn} runs. */
    interface Streams {
        /** Bytes of a message; they are overwritten after the call. */
        void data(int stream, int flags, byte[] bytes, int offset, int length) throws IOException;

        /** Headers or trailers, which are not decoded. */
        void headers(int stream, int flags) throws IOException;

        void reset(int stream) throws IOException;

        /** The server takes so many more bytes of this stream. */
        default void window(int stream, int increment) {}
    }

    private final Socket socket;
    private final String authority;
    private final InputStream in;
    private final OutputStream out;
    private final ByteBuffer input = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final ByteBuffer output = ByteBuffer.allocate(BUFFER_BYTES);

    private int mostStreams = Integer.MAX_VALUE;
    private long sendWindow = Frames.DEFAULT_WINDOW;
    private long unacknowledged;

    private FrameChannel(Socket socket, InetSocketAddress server) throws IOException {
        this.socket = socket;
        this.authority = server.getHostString() + ":" + server.getPort();
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Connects, over plain TCP, and waits for the server's settings. */
    static FrameChannel open(InetSocketAddress server) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.connect(server, CONNECT_MILLIS);
            var channel = new FrameChannel(socket, server);
            Frames.hello(channel.output, STREAM_WINDOW, CONNECTION_WINDOW);
            channel.mostStreams = 0;
            while (channel.mostStreams == 0) {
                channel.turn(new NoStreams());
            }
            return channel;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    String authority() {
        return authority;
    }

    /** How many streams the server lets be open at once. */
    int mostStreams() {
        return mostStreams;
    }

    /** False while the server's window is too small for a request; {@link #turn} may open it. */
    boolean canSend(byte[] request) {
        return sendWindow >= PREFIX_BYTES + request.length;
    }

    /** Queues what opens a stream. */
    void headers(int stream, byte[] block) throws IOException {
        reserve(Frames.HEADER_BYTES + block.length);
        Frames.header(output, block.length, Frames.HEADERS, Frames.FLAG_END_HEADERS, stream);
        output.put(block);
    }

    /** Queues a message. */
    void message(int stream, byte[] message, boolean last) throws IOException {
        int size = PREFIX_BYTES + message.length;
        reserve(Frames.HEADER_BYTES + size);
        sendWindow -= size;
        Frames.header(output, size, Frames.DATA, last ? Frames.FLAG_END_STREAM : 0, stream);
        output.put((byte) 0).putInt(message.length).put(message);
    }

    /** Queues the leave to send so much more on a stream. */
    void allow(int stream, int bytes) throws IOException {
        reserve(Frames.HEADER_BYTES + 4);
        Frames.windowUpdate(output, stream, bytes);
    }

    /** Writes what is queued, waits for input and handles all of it that is complete. */
    void turn(Streams streams) throws IOException {
        flush();
        takeFrames(streams);
    }

    /** As {@link #turn}, but waits no longer than this. */
    void turn(Streams streams, int mostMillis) throws IOException {
        socket.setSoTimeout(mostMillis);
        try {
            turn(streams);
        } catch (SocketTimeoutException e) {
            // Nothing came: as good as anything to whoever asked for a limit.
        } finally {
            socket.setSoTimeout(SILENCE_MILLIS);
        }
    }

    private void takeFrames(Streams streams) throws IOException {
        input.compact();
        int count;
        try {
            count = in.read(input.array(), input.position(), input.remaining());
        } catch (SocketTimeoutException e) {
            input.flip();
            throw e;
        }
        if (count < 0) {
            throw new EOFException("the server at " + authority + " closed the connection");
        }
        input.position(input.position() + count).flip();
        while (input.remaining() >= Frames.HEADER_BYTES) {
            int start = input.position();
            int length =
                    ((input.get(start) & 0xff) << 16)
                            | ((input.get(start + 1) & 0xff) << 8)
                            | (input.get(start + 2) & 0xff);
            if (input.remaining() < Frames.HEADER_BYTES + length) {
                break;
            }
            int type = input.get(start + 3);
            int flags = input.get(start + 4);
            int stream = input.getInt(start + 5) & 0x7fff_ffff;
            input.position(start + Frames.HEADER_BYTES);
            frame(type, flags, stream, length, streams);
            input.position(start + Frames.HEADER_BYTES + length);
        }
    }

    private void frame(int type, int flags, int stream, int length, Streams streams)
            throws IOException {
        switch (type) {
            case Frames.DATA -> {
                unacknowledged += length;
                if (unacknowledged > CONNECTION_WINDOW / 2) {
                    allow(0, (int) unacknowledged);
                    unacknowledged = 0;
                }
                streams.data(stream, flags, input.array(), input.position(), length);
            }
            case Frames.HEADERS -> streams.headers(stream, flags);
            case Frames.RST_STREAM -> streams.reset(stream);
            case Frames.SETTINGS -> settings(flags, length);
            case Frames.PING -> ping(flags, length);
            case Frames.GOAWAY ->
                    throw new CallException("the server at " + authority + " ends the connection");
            case Frames.WINDOW_UPDATE -> {
                int increment = input.getInt();
                if (stream == 0) {
                    sendWindow += increment;
                } else {
                    streams.window(stream, increment);
                }
            }
            default -> {
                // CONTINUATION of headers that are not read, PRIORITY, and types to be ignored.
            }
        }
    }

    private void settings(int flags, int length) throws IOException {
        if ((flags & Frames.FLAG_ACK) != 0) {
            return;
        }
        if (mostStreams == 0) {
            mostStreams = Integer.MAX_VALUE;
        }
        for (int i = 0; i < length / 6; i++) {
            int name = input.getShort();
            long value = input.getInt() & 0xffff_ffffL;
            if (name == Frames.SETTING_MAX_CONCURRENT_STREAMS) {
                mostStreams = Math.clamp(value, 1, Integer.MAX_VALUE);
            }
        }
        reserve(Frames.HEADER_BYTES);
        Frames.header(output, 0, Frames.SETTINGS, Frames.FLAG_ACK, 0);
    }

    private void ping(int flags, int length) throws IOException {
        if ((flags & Frames.FLAG_ACK) == 0) {
            reserve(Frames.HEADER_BYTES + length);
            Frames.header(output, length, Frames.PING, Frames.FLAG_ACK, 0);
            output.put(input.array(), input.position(), length);
        }
    }

    private void reserve(int bytes) throws IOException {
        if (output.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (output.position() > 0) {
            out.write(output.array(), 0, output.position());
            output.clear();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Before any stream was opened. */
    private static final class NoStreams implements Streams {
        @Override
        public void data(int stream, int flags, byte[] bytes, int offset, int length)
                throws CallException {
            throw new CallException("an answer to nothing");
        }

        @Override
        public void headers(int stream, int flags) throws CallException {
            throw new CallException("an answer to nothing");
        }

        @Override
        public void reset(int stream) throws CallException {
            throw new CallException("an answer to nothing");
        }
    }
}
