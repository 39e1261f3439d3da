package io.skerry.flannel.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket. It belongs to the network namespace of the thread that opens it; afterwards one
 * thread at a time may use it.
 */
final class NetlinkSocket implements KernelNews.Stream {
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    private static final int RECEIVE_BYTES = 64 << 10;
    private static final int KERNEL_BUFFER_BYTES = 4 << 20;

    /** The kernel answers while it is asked; that it does not is a fault. */
    private static final int PATIENCE_SECONDS = 10;

    /** So many messages go with one system call; all their answers fit the kernel's buffer. */
    static final int BATCH = 256;

    private static final int SEND_BYTES = BATCH * 256;
    private static final int ERROR_TEXT = 1;

    /** What changes all the time is taken as it is after so many dumps. */
    private static final int DUMPS = 5;

    private final Libc libc = new Libc();
    private final Arena arena = Arena.ofShared();

    // Null until needed: news are not asked for, and few hosts have what generic netlink is for.
    private @Nullable MemorySegment received;
    private @Nullable MemorySegment sending;

    private final int fd;
    private int sequence;

    private NetlinkSocket(int protocol, int groups, long timeoutMillis) throws IOException {
        fd = libc.socket(Netlink.AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
        try {
            MemorySegment timeval = arena.allocate(ValueLayout.JAVA_LONG, 2);
            timeval.setAtIndex(ValueLayout.JAVA_LONG, 0, timeoutMillis / 1000);
            timeval.setAtIndex(ValueLayout.JAVA_LONG, 1, timeoutMillis % 1000 * 1000);
            libc.setOption(fd, SOL_SOCKET, SO_RCVTIMEO, timeval);
            libc.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, number(KERNEL_BUFFER_BYTES));
            libc.setOption(fd, SOL_NETLINK, NETLINK_EXT_ACK, number(1));
            libc.setOption(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, number(1));
            MemorySegment address = arena.allocate(ValueLayout.JAVA_INT, 3);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Netlink.AF_NETLINK);
            address.setAtIndex(ValueLayout.JAVA_INT, 2, groups);
            libc.bind(fd, address);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** For questions and changes. */
    static NetlinkSocket forRequests() throws IOException {
        return new NetlinkSocket(Netlink.ROUTE, 0, PATIENCE_SECONDS * 1000L);
    }

    /** The same of parts of the kernel that have no protocol of their own. */
    static NetlinkSocket forGenericRequests() throws IOException {
        return new NetlinkSocket(Netlink.GENERIC, 0, PATIENCE_SECONDS * 1000L);
    }

    /** For news; {@link #next} returns after the time limit, too. */
    static NetlinkSocket forNews(int protocol, int groups, long timeoutMillis) throws IOException {
        return new NetlinkSocket(protocol, groups, timeoutMillis);
    }

    private MemorySegment number(int value) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, value);
    }

    /** A message that came: its type and what follows the header. */
    record Incoming(int type, int flags, int sequence, ByteBuffer body) {}

    private MemorySegment received() {
        MemorySegment present = received;
        if (present == null) {
            present = arena.allocate(RECEIVE_BYTES);
            received = present;
        }
        return present;
    }

    private MemorySegment sending() {
        MemorySegment present = sending;
        if (present == null) {
            present = arena.allocate(SEND_BYTES);
            sending = present;
        }
        return present;
    }

    /** What has come; empty if nothing came in time, or if more came than the kernel could keep. */
    @Override
    public List<Incoming> next() throws IOException {
        MemorySegment received = received();
        long count = libc.receive(fd, received);
        if (count == -Libc.EAGAIN || count == -Libc.EINTR) {
            return List.of();
        }
        if (count < 0) {
            throw new ErrnoException("receiving from the kernel", (int) -count);
        }
        ByteBuffer buffer =
                received.asSlice(0, count).asByteBuffer().order(ByteOrder.nativeOrder());
        var messages = new ArrayList<Incoming>();
        while (buffer.remaining() >= Netlink.HEADER_BYTES) {
            int start = buffer.position();
            int length = buffer.getInt(start);
            if (length < Netlink.HEADER_BYTES || length > buffer.remaining()) {
                break;
            }
            int body = start + Netlink.HEADER_BYTES;
            messages.add(
                    new Incoming(
                            buffer.getShort(start + 4) & 0xffff,
                            buffer.getShort(start + 6) & 0xffff,
                            buffer.getInt(start + 8),
                            buffer.slice(body, length - Netlink.HEADER_BYTES)
                                    .order(ByteOrder.nativeOrder())));
            buffer.position(Math.min(start + Netlink.align(length), buffer.limit()));
        }
        return messages;
    }

    /**
     * Reads an answer of a dump, which is valid for the time of the call; empty: of no interest.
     */
    @FunctionalInterface
    interface Row<T> {
        Optional<T> read(ByteBuffer body);
    }

    /** Asks for all of something, and again when it changed meanwhile. */
    <T> List<T> dump(Message question, Row<T> row) throws IOException {
        var rows = new ArrayList<T>();
        boolean whole = false;
        for (int dumps = 0; dumps < DUMPS && !whole; dumps++) {
            rows.clear();
            whole = dump(question, row, rows);
        }
        return rows;
    }

    /** False when the rows changed meanwhile. */
    private <T> boolean dump(Message question, Row<T> row, List<T> rows) throws IOException {
        boolean whole = true;
        int number = ++sequence;
        send(question.finish(number));
        while (true) {
            var answers = next();
            if (answers.isEmpty()) {
                throw new IOException(question.about() + ": the kernel does not answer");
            }
            for (Incoming answer : answers) {
                if (answer.sequence() != number) {
                    continue;
                }
                whole &= (answer.flags() & Netlink.DUMP_INTERRUPTED) == 0;
                if (answer.type() == Netlink.DONE) {
                    return whole;
                }
                if (answer.type() == Netlink.ERROR) {
                    throwIfRefused(question.about(), answer.body());
                    return whole;
                }
                row.read(answer.body()).ifPresent(rows::add);
            }
        }
    }

    /** A row that outlives the call. */
    static ByteBuffer copy(ByteBuffer body) {
        return ByteBuffer.allocate(body.remaining()).order(body.order()).put(body).flip();
    }

    /** What came of one message: null if it was carried out. */
    record Outcome(@Nullable ErrnoException refusal) {}

    /** Has messages carried out in their order, whatever becomes of those before. */
    List<Outcome> carryOut(List<Message> messages) throws IOException {
        var outcomes = new ArrayList<Outcome>(messages.size());
        for (int from = 0; from < messages.size(); ) {
            int to = endOfBatch(messages, from);
            batch(messages.subList(from, to), outcomes);
            from = to;
        }
        return outcomes;
    }

    /** One at least, and no more than are to be sent at once. */
    private static int endOfBatch(List<Message> messages, int from) {
        int to = from;
        int bytes = 0;
        do {
            bytes += messages.get(to++).bytes();
        } while (to < messages.size()
                && to - from < BATCH
                && bytes + messages.get(to).bytes() <= SEND_BYTES);
        return to;
    }

    /** The kernel answers in order: when it has to the last, it has refused all that it refuses. */
    private void batch(List<Message> messages, List<Outcome> outcomes) throws IOException {
        int first = sequence + 1;
        int last = sequence + messages.size();
        MemorySegment sending = sending();
        ByteBuffer buffer = sending.asByteBuffer().order(ByteOrder.nativeOrder());
        for (Message message : messages) {
            sequence++;
            buffer.put(
                    sequence == last
                            ? message.finish(sequence)
                            : message.finishUnacknowledged(sequence));
        }
        libc.send(fd, sending.asSlice(0, buffer.position()));
        var refusals = new @Nullable ErrnoException[messages.size()];
        for (boolean over = false; !over; ) {
            var answers = next();
            if (answers.isEmpty()) {
                throw new IOException("the kernel does not answer to a change");
            }
            for (Incoming answer : answers) {
                int number = answer.sequence() - first;
                if (answer.type() == Netlink.ERROR && number >= 0 && number < refusals.length) {
                    refusals[number] = refusal(messages.get(number).about(), answer.body());
                    over = answer.sequence() == last;
                }
            }
        }
        for (ErrnoException refusal : refusals) {
            outcomes.add(new Outcome(refusal));
        }
    }

    private void send(ByteBuffer message) throws IOException {
        MemorySegment sending = sending();
        ByteBuffer buffer = sending.asByteBuffer().order(ByteOrder.nativeOrder());
        buffer.put(message);
        libc.send(fd, sending.asSlice(0, buffer.position()));
    }

    private static void throwIfRefused(String about, ByteBuffer body) throws ErrnoException {
        ErrnoException refusal = refusal(about, body);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Behind the error's number lies the header of what was refused, then the kernel's words. */
    private static @Nullable ErrnoException refusal(String about, ByteBuffer body) {
        int errno = -body.getInt(0);
        if (errno == 0) {
            return null;
        }
        int rest = Integer.BYTES + Netlink.align(body.getInt(Integer.BYTES));
        if (body.limit() > rest) {
            String words = new Attributes(body.position(rest)).text(ERROR_TEXT);
            if (!words.isEmpty()) {
                return new ErrnoException(about, errno, words);
            }
        }
        return new ErrnoException(about, errno);
    }

    @Override
    public void close() {
        libc.close(fd);
        arena.close();
    }
}
