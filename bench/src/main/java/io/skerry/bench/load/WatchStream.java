package io.skerry.bench.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Many watches on one stream of one connection, as etcd's own client shares a stream. One thread
 * reads it. The values put must end with the time they were sent at, eight bytes of {@link
 * System#nanoTime}; of a response only that is decoded.
 */
public final class WatchStream implements AutoCloseable {
    private static final int STREAM = 1;
    private static final int RESPONSE_CREATED = 3;
    private static final int RESPONSE_CANCELED = 4;
    private static final int RESPONSE_EVENTS = 11;
    private static final int EVENT_KEY_VALUE = 2;
    private static final int KEY_VALUE_VALUE = 5;
    private static final long MAX_MICROS = 600_000_000;
    private static final int TURN_MILLIS = 100;

    private final FrameChannel channel;
    private final Reading reading = new Reading();
    private final Histogram latencies = new Histogram(MAX_MICROS, 3);
    private byte[] buffer = new byte[64 << 10];
    private int filled;
    private int unacknowledged;
    private long window = Frames.DEFAULT_WINDOW;
    private int created;
    private final AtomicLong events = new AtomicLong();
    private volatile boolean closing;

    private WatchStream(FrameChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens the stream and waits until the server has made all watches.
     *
     * @param path the method's
     * @param requests encoded, each creates one watch
     */
    public static WatchStream open(InetSocketAddress server, String path, List<byte[]> requests)
            throws IOException {
        var stream = new WatchStream(FrameChannel.open(server));
        try {
            stream.channel.headers(STREAM, Frames.requestHeaders(stream.channel.authority(), path));
            for (byte[] request : requests) {
                int size = FrameChannel.PREFIX_BYTES + request.length;
                while (stream.window < size || !stream.channel.canSend(request)) {
                    stream.channel.turn(stream.reading);
                }
                stream.window -= size;
                stream.channel.message(STREAM, request, false);
            }
            while (stream.created < requests.size()) {
                stream.channel.turn(stream.reading);
            }
            return stream;
        } catch (IOException e) {
            stream.channel.close();
            throw e;
        }
    }

    /** Events that have come so far; any thread may ask. */
    public long events() {
        return events.get();
    }

    /**
     * Reads until so many events have come or {@link #close} is called.
     *
     * @return from sending a value to its arrival here, in microseconds
     */
    public Histogram read(long until) throws IOException {
        try {
            while (events.get() < until && !closing) {
                channel.turn(reading, TURN_MILLIS);
            }
        } catch (IOException e) {
            if (!closing) {
                throw e;
            }
        }
        return latencies;
    }

    /** Any thread may end it. */
    @Override
    public void close() throws IOException {
        closing = true;
        channel.close();
    }

    private void append(byte[] bytes, int offset, int length) {
        if (filled + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, filled + length));
        }
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
    }

    /** Takes what came, after what was cut off before; what is cut off again waits for the rest. */
    private void take(byte[] bytes, int offset, int length) throws IOException {
        if (filled == 0) {
            int taken = takeMessages(bytes, offset, length);
            append(bytes, offset + taken, length - taken);
        } else {
            append(bytes, offset, length);
            int taken = takeMessages(buffer, 0, filled);
            System.arraycopy(buffer, taken, buffer, 0, filled - taken);
            filled -= taken;
        }
    }

    /** Takes the messages that are whole; gives how many bytes they are. */
    private int takeMessages(byte[] bytes, int offset, int length) throws IOException {
        long now = System.nanoTime();
        CodedInputStream in = CodedInputStream.newInstance(bytes, offset, length);
        int taken = 0;
        long count = 0;
        while (length - taken >= FrameChannel.PREFIX_BYTES) {
            in.skipRawBytes(1); // whether it is compressed: it never is
            int size = Integer.reverseBytes(in.readRawLittleEndian32());
            if (length - taken - FrameChannel.PREFIX_BYTES < size) {
                break;
            }
            int limit = in.pushLimit(size);
            count += takeResponse(in, now);
            in.popLimit(limit);
            taken += FrameChannel.PREFIX_BYTES + size;
        }
        events.addAndGet(count);
        return taken;
    }

    /** Takes one response; gives how many events it has. */
    private int takeResponse(CodedInputStream response, long now) throws IOException {
        int count = 0;
        for (int tag = response.readTag(); tag != 0; tag = response.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case RESPONSE_CREATED -> created += response.readBool() ? 1 : 0;
                case RESPONSE_CANCELED -> {
                    if (response.readBool()) {
                        throw new CallException(
                                "the server at " + channel.authority() + " ended a watch");
                    }
                }
                case RESPONSE_EVENTS -> {
                    int limit = response.pushLimit(response.readRawVarint32());
                    takeEvent(response, now);
                    response.popLimit(limit);
                    count++;
                }
                default -> response.skipField(tag);
            }
        }
        return count;
    }

    private void takeEvent(CodedInputStream event, long now) throws IOException {
        for (int tag = event.readTag(); tag != 0; tag = event.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != EVENT_KEY_VALUE) {
                event.skipField(tag);
                continue;
            }
            int limit = event.pushLimit(event.readRawVarint32());
            for (int inner = event.readTag(); inner != 0; inner = event.readTag()) {
                if (WireFormat.getTagFieldNumber(inner) == KEY_VALUE_VALUE) {
                    int size = event.readRawVarint32();
                    event.skipRawBytes(size - Long.BYTES);
                    // Written by ByteBuffer: most significant byte first.
                    long sent = Long.reverseBytes(event.readRawLittleEndian64());
                    latencies.recordValue(Math.clamp((now - sent) / 1_000, 0, MAX_MICROS));
                } else {
                    event.skipField(inner);
                }
            }
            event.popLimit(limit);
        }
    }

    private final class Reading implements FrameChannel.Streams {
        @Override
        public void data(int stream, int flags, byte[] bytes, int offset, int length)
                throws IOException {
            take(bytes, offset, length);
            unacknowledged += length;
            if (unacknowledged > FrameChannel.STREAM_WINDOW / 4) {
                channel.allow(STREAM, unacknowledged);
                unacknowledged = 0;
            }
        }

        @Override
        public void headers(int stream, int flags) throws IOException {
            if ((flags & Frames.FLAG_END_STREAM) != 0) {
                reset(stream);
            }
        }

        @Override
        public void reset(int stream) throws CallException {
            throw new CallException(
                    "the server at " + channel.authority() + " ended a stream of watches");
        }

        @Override
        public void window(int stream, int increment) {
            window += increment;
        }
    }
}
