package io.skerry.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
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

    private final FrameChannel channel;
    private final int[] slotOf;
    private final int[] streamOf;
    private final boolean[] answered;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    private byte[] requestHeaders = new byte[0];
    private boolean keepMessage;
    private int nextStream = 1;
    private int underWay;

    private LoadConnection(FrameChannel channel, int calls) {
        this.channel = channel;
        int places = Integer.highestOneBit(Math.max(calls, 8)) * 8;
        this.slotOf = new int[places];
        this.streamOf = new int[places];
        this.answered = new boolean[places];
        Arrays.fill(slotOf, -1);
    }

    /** Connects, over plain TCP. */
    public static LoadConnection open(InetSocketAddress server, int calls) throws IOException {
        return new LoadConnection(FrameChannel.open(server), calls);
    }

    /** Chooses the method that requests go to from now on, {@code /service/name}. */
    public void method(String path) {
        requestHeaders = Frames.requestHeaders(channel.authority(), path);
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
            throw new CallException("the server at " + channel.authority() + " refused a call");
        }
        byte[] framed = message.toByteArray();
        return Arrays.copyOfRange(framed, FrameChannel.PREFIX_BYTES, framed.length);
    }

    /** How many calls the server lets be under way at once. */
    int mostUnderWay() {
        return channel.mostStreams();
    }

    int underWay() {
        return underWay;
    }

    /** False while the server's window is too small for a request; {@link #turn} may open it. */
    boolean canSend(byte[] request) {
        return channel.canSend(request);
    }

    /** Queues a call; the next {@link #turn} writes it. */
    void send(int slot, byte[] request) throws IOException {
        while (slotOf[place(nextStream)] >= 0) {
            nextStream += 2; // a call that takes long holds the place
        }
        int stream = nextStream;
        nextStream += 2;
        slotOf[place(stream)] = slot;
        streamOf[place(stream)] = stream;
        answered[place(stream)] = false;
        underWay++;
        channel.headers(stream, requestHeaders);
        channel.message(stream, request, true);
    }

    /** Writes what is queued, waits for input and handles all of it that is complete. */
    void turn(Answers answers) throws IOException {
        channel.turn(new Calls(answers));
    }

    /** As {@link #turn}, but waits no longer than this. */
    void turn(Answers answers, int mostMillis) throws IOException {
        channel.turn(new Calls(answers), mostMillis);
    }

    private int place(int stream) {
        return (stream >> 1) & (slotOf.length - 1);
    }

    private boolean isUnderWay(int stream) {
        return slotOf[place(stream)] >= 0 && streamOf[place(stream)] == stream;
    }

    private void end(int stream, boolean good, Answers answers) throws IOException {
        if (!isUnderWay(stream)) {
            throw new CallException("an answer to nothing, from " + channel.authority());
        }
        int slot = slotOf[place(stream)];
        slotOf[place(stream)] = -1;
        underWay--;
        answers.ended(slot, good);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Every stream is a call. */
    private final class Calls implements FrameChannel.Streams {
        private final Answers answers;

        Calls(Answers answers) {
            this.answers = answers;
        }

        @Override
        public void data(int stream, int flags, byte[] bytes, int offset, int length)
                throws IOException {
            if (length > 0) {
                answered[place(stream)] = true;
            }
            if (keepMessage) {
                message.write(bytes, offset, length);
            }
            if ((flags & Frames.FLAG_END_STREAM) != 0) {
                end(stream, false, answers);
            }
        }

        @Override
        public void headers(int stream, int flags) throws IOException {
            if ((flags & Frames.FLAG_END_STREAM) != 0) {
                end(stream, answered[place(stream)], answers);
            }
        }

        @Override
        public void reset(int stream) throws IOException {
            // A server that answers before it saw the request's end may reset the stream after its
            // answer (RFC 9113, 8.1), as etcd does now and then.
            if (isUnderWay(stream)) {
                end(stream, false, answers);
            }
        }
    }
}
