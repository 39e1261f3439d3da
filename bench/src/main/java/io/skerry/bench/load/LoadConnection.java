package io.skerry.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One connection with many calls under way, driven by one thread: frames that came in are taken all
 * at once, and what they let go out is written at once, so that a busy connection costs two system
 * calls for many requests.
 *
 * <p>An answer counts as good when it has a message: a failed gRPC call is answered by headers
 * alone. That saves decoding the trailers of every answer.
 */
public final class LoadConnection implements AutoCloseable {
    /** What gRPC puts before a message: a byte for compression and four for the length. */
    private static final int PREFIX_BYTES = 5;

    private static final int STREAM_WINDOW = 16 << 20;
    private static final int CONNECTION_WINDOW = 1 << 30;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int SILENCE_MILLIS = 20_000;

    /** Told of each answer while {@link #turn} runs; must not send. */
    interface Answers {
        /**
         * A call ended.
         *
         * @param slot the number under which it was sent
         * @param good false when the server refused it
         */
        void ended(int slot, boolean good) throws IOException;
    }

    private final Socket socket;
    private final String authority;
    private final InputStream in;
    private final OutputStream out;
    private final ByteBuffer input = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final ByteBuffer output = ByteBuffer.allocate(BUFFER_BYTES);
    private final int[] slotOf;
    private final boolean[] answered;

    private byte[] requestHeaders = new byte[0];
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private boolean keepMessage;
    private int nextStream = 1;
    private int underWay;
    private int mostUnderWay = Integer.MAX_VALUE;
    private long sendWindow = Frames.DEFAULT_WINDOW;
    private long unacknowledged;

    private LoadConnection(Socket socket, InetSocketAddress server, int calls) throws IOException {
        this.socket = socket;
        this.authority = server.getHostString() + ":" + server.getPort();
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        int places = Integer.highestOneBit(Math.max(calls, 8)) * 8;
        this.slotOf = new int[places];
        this.answered = new boolean[places];
        Arrays.fill(slotOf, -1);
    }

    /** Connects, over plain TCP. */
    public static LoadConnection open(InetSocketAddress server, int calls) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.connect(server, SILENCE_MILLIS);
            var connection = new LoadConnection(socket, server, calls);
            Frames.hello(connection.output, STREAM_WINDOW, CONNECTION_WINDOW);
            connection.flush();
            connection.awaitSettings();
            return connection;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Chooses the method that requests go to from now on, {@code /service/name}. */
    public void method(String path) {
        requestHeaders = Frames.requestHeaders(authority, path);
    }

    /** One call; gives the encoded answer. */
    public byte[] call(byte[] request) throws IOException {
        message.reset();
        keepMessage = true;
        boolean[] good = new boolean[1];
        send(0, request);
        while (underWay > 0) {
            turn((slot, ok) -> good[0] = ok);
        }
        keepMessage = false;
        if (!good[0]) {
            throw new CallException("the server at " + authority + " refused a call");
        }
        byte[] framed = message.toByteArray();
        return Arrays.copyOfRange(framed, PREFIX_BYTES, framed.length);
    }

    /** How many calls the server lets be under way at once. */
    int mostUnderWay() {
        return mostUnderWay;
    }

    int underWay() {
        return underWay;
    }

    /** False while the server's window is too small for a request; {@link #turn} may open it. */
    boolean canSend(byte[] request) {
        return sendWindow >= PREFIX_BYTES + request.length;
    }

    /** Queues a call; the next {@link #turn} writes it. */
    void send(int slot, byte[] request) throws IOException {
        int size = PREFIX_BYTES + request.length;
        reserve(2 * Frames.HEADER_BYTES + requestHeaders.length + size);
        while (slotOf[place(nextStream)] >= 0) {
            nextStream += 2; // a call that takes long holds the place
        }
        int stream = nextStream;
        nextStream += 2;
        slotOf[place(stream)] = slot;
        answered[place(stream)] = false;
        underWay++;
        sendWindow -= size;
        Frames.header(
                output, requestHeaders.length, Frames.HEADERS, Frames.FLAG_END_HEADERS, stream);
        output.put(requestHeaders);
        Frames.header(output, size, Frames.DATA, Frames.FLAG_END_STREAM, stream);
        output.put((byte) 0).putInt(request.length).put(request);
    }

    /** Writes what is queued, waits for input and handles all of it that is complete. */
    void turn(Answers answers) throws IOException {
        flush();
        takeFrames(answers);
    }

    private int place(int stream) {
        return (stream >> 1) & (slotOf.length - 1);
    }

    private void awaitSettings() throws IOException {
        mostUnderWay = 0;
        while (mostUnderWay == 0) {
            turn((slot, good) -> {});
        }
    }

    /** Waits for input and handles every frame that is complete. */
    private void takeFrames(Answers answers) throws IOException {
        input.compact();
        int count = in.read(input.array(), input.position(), input.remaining());
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
            frame(type, flags, stream, length, answers);
            input.position(start + Frames.HEADER_BYTES + length);
        }
    }

    private void frame(int type, int flags, int stream, int length, Answers answers)
            throws IOException {
        switch (type) {
            case Frames.DATA -> data(flags, stream, length, answers);
            case Frames.HEADERS -> {
                if ((flags & Frames.FLAG_END_STREAM) != 0) {
                    end(stream, answered[place(stream)], answers);
                }
            }
            case Frames.RST_STREAM -> end(stream, false, answers);
            case Frames.SETTINGS -> settings(flags, length);
            case Frames.PING -> ping(flags, length);
            case Frames.GOAWAY ->
                    throw new CallException("the server at " + authority + " ends the connection");
            case Frames.WINDOW_UPDATE -> {
                if (stream == 0) {
                    sendWindow += input.getInt();
                }
            }
            default -> {
                // CONTINUATION of headers that are not read, PRIORITY, and types to be ignored.
            }
        }
    }

    private void data(int flags, int stream, int length, Answers answers) throws IOException {
        if (length > 0) {
            answered[place(stream)] = true;
        }
        if (keepMessage) {
            message.write(input.array(), input.position(), length);
        }
        unacknowledged += length;
        if (unacknowledged > CONNECTION_WINDOW / 2) {
            reserve(Frames.HEADER_BYTES + 4);
            Frames.windowUpdate(output, (int) unacknowledged);
            unacknowledged = 0;
        }
        if ((flags & Frames.FLAG_END_STREAM) != 0) {
            end(stream, false, answers);
        }
    }

    private void end(int stream, boolean good, Answers answers) throws IOException {
        int slot = slotOf[place(stream)];
        if (slot < 0) {
            throw new CallException("an answer to nothing, from " + authority);
        }
        slotOf[place(stream)] = -1;
        underWay--;
        answers.ended(slot, good);
    }

    private void settings(int flags, int length) throws IOException {
        if ((flags & Frames.FLAG_ACK) != 0) {
            return;
        }
        if (mostUnderWay == 0) {
            mostUnderWay = Integer.MAX_VALUE;
        }
        for (int i = 0; i < length / 6; i++) {
            int name = input.getShort();
            long value = input.getInt() & 0xffff_ffffL;
            if (name == Frames.SETTING_MAX_CONCURRENT_STREAMS) {
                mostUnderWay = Math.clamp(value, 1, Integer.MAX_VALUE);
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
}
