package io.skerry.flannel.kernel;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few system calls that Java has no other way to. An object is for one thread at a time, as it
 * holds that thread's {@code errno}. Signatures have been the same on 64-bit Linux since it exists.
 */
@SuppressWarnings("restricted")
public final class Libc {
    /** Try again: nothing has come within the socket's time limit. */
    public static final int EAGAIN = 11;

    public static final int EINTR = 4;
    public static final int ENOBUFS = 105;

    private static final short POLLIN = 1;
    private static final int POLL_REQUEST_BYTES = 8;
    private static final int MSG_DONTWAIT = 0x40;

    /** Waits for the first message only. */
    private static final int MSG_WAITFORONE = 0x10000;

    private static final int SHUT_RDWR = 2;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = call("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = call("bind", INT, INT, POINTER, INT);
    private static final MethodHandle CONNECT = call("connect", INT, INT, POINTER, INT);
    private static final MethodHandle SETSOCKOPT =
            call("setsockopt", INT, INT, INT, INT, POINTER, INT);
    private static final MethodHandle SEND = call("send", LONG, INT, POINTER, LONG, INT);
    private static final MethodHandle RECV = call("recv", LONG, INT, POINTER, LONG, INT);
    private static final MethodHandle OPEN = call("open", INT, POINTER, INT);
    private static final MethodHandle CLOSE = call("close", INT, INT);
    private static final MethodHandle POLL = call("poll", INT, POINTER, LONG, INT);
    private static final MethodHandle READ = call("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle SETNS = call("setns", INT, INT, INT);
    private static final MethodHandle IOCTL =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("ioctl"),
                    FunctionDescriptor.of(INT, INT, LONG, POINTER),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(2));

    private final MemorySegment state = Arena.ofAuto().allocate(STATE);

    /** Calls that only the carrier of packets makes; linking them would hold up every start. */
    private static final class Batches {
        static final MethodHandle SENDMMSG = call("sendmmsg", INT, INT, POINTER, INT, INT);
        static final MethodHandle RECVMMSG = call("recvmmsg", INT, INT, POINTER, INT, INT, POINTER);
        static final MethodHandle SHUTDOWN = call("shutdown", INT, INT, INT);
        static final MethodHandle WRITEV = call("writev", LONG, INT, POINTER, INT);

        private Batches() {}
    }

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    int socket(int domain, int type, int protocol) throws IOException {
        try {
            return orThrow("socket", (int) SOCKET.invokeExact(state, domain, type, protocol));
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    void bind(int fd, MemorySegment address) throws IOException {
        try {
            orThrow("bind", (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    void connect(int fd, MemorySegment address) throws IOException {
        try {
            orThrow(
                    "connect",
                    (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize()));
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    void setOption(int fd, int level, int name, MemorySegment value) throws IOException {
        try {
            orThrow(
                    "setsockopt",
                    (int)
                            SETSOCKOPT.invokeExact(
                                    state, fd, level, name, value, (int) value.byteSize()));
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    void send(int fd, MemorySegment bytes) throws IOException {
        try {
            long sent = (long) SEND.invokeExact(state, fd, bytes, bytes.byteSize(), 0);
            if (sent != bytes.byteSize()) {
                throw new ErrnoException("send", errno());
            }
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** How many bytes came; an errno, negated, when none did. */
    long receive(int fd, MemorySegment into) throws IOException {
        return receive(fd, into, 0);
    }

    /** The same of what is there already. */
    long receiveNow(int fd, MemorySegment into) throws IOException {
        return receive(fd, into, MSG_DONTWAIT);
    }

    private long receive(int fd, MemorySegment into, int flags) throws IOException {
        try {
            long received = (long) RECV.invokeExact(state, fd, into, into.byteSize(), flags);
            return received < 0 ? -errno() : received;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /**
     * Sends messages, an array of C's {@code mmsghdr}.
     *
     * @return how many were sent; an errno, negated, when the first was not
     */
    public int sendMessages(int fd, MemorySegment messages, int count) throws IOException {
        try {
            int sent = (int) Batches.SENDMMSG.invokeExact(state, fd, messages, count, 0);
            return sent < 0 ? -errno() : sent;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /**
     * Receives messages into an array of C's {@code mmsghdr}; waits for the first, not for more.
     *
     * @return how many came; an errno, negated, when none did
     */
    public int receiveMessages(int fd, MemorySegment messages, int count) throws IOException {
        try {
            int received =
                    (int)
                            Batches.RECVMMSG.invokeExact(
                                    state, fd, messages, count, MSG_WAITFORONE, MemorySegment.NULL);
            return received < 0 ? -errno() : received;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** Wakes who waits for a socket, also for one that is connected to nobody. */
    void shutdown(int fd) {
        try {
            int _ =
                    (int)
                            Batches.SHUTDOWN.invokeExact(
                                    state, fd, SHUT_RDWR); // not connected: woken, too
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Opens a file for reading and writing, which never wait; children of this process do not get
     * it.
     */
    public int open(String path) throws IOException {
        return open(path, 0x80802);
    }

    private int open(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return orThrow(
                    "open " + path, (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags));
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** Moves the calling thread, and what it opens and starts from now on, into a namespace. */
    void enterNetworkNamespace(String file) throws IOException {
        int readOnlyCloseOnExec = 0x80000;
        int network = 0x40000000;
        int fd = open(file, readOnlyCloseOnExec);
        try {
            orThrow("entering " + file, (int) SETNS.invokeExact(state, fd, network));
        } catch (Throwable e) {
            throw rethrown(e);
        } finally {
            close(fd);
        }
    }

    /** How many bytes were read; an errno, negated, when none were. */
    public long read(int fd, MemorySegment into) throws IOException {
        try {
            long count = (long) READ.invokeExact(state, fd, into, into.byteSize());
            return count < 0 ? -errno() : count;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** Waits until there is something to read, at most so long. */
    public void awaitReadable(int fd, int timeoutMillis) throws IOException {
        await(timeoutMillis, fd);
    }

    /** The same of the first; also returns when another is shut down. */
    public void awaitReadable(int fd, int other, int timeoutMillis) throws IOException {
        await(timeoutMillis, fd, other);
    }

    private void await(int timeoutMillis, int... fds) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment requests = arena.allocate((long) POLL_REQUEST_BYTES * fds.length, 4);
            for (int i = 0; i < fds.length; i++) {
                requests.set(INT, (long) POLL_REQUEST_BYTES * i, fds[i]);
            }
            requests.set(ValueLayout.JAVA_SHORT, Integer.BYTES, POLLIN);
            int ready = (int) POLL.invokeExact(state, requests, (long) fds.length, timeoutMillis);
            if (ready < 0 && errno() != EINTR) {
                throw new ErrnoException("waiting for packets", errno());
            }
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /**
     * Writes pieces of memory, an array of C's {@code iovec}, as one.
     *
     * @return how many bytes were written; an errno, negated, when none were
     */
    public long writePieces(int fd, MemorySegment pieces, int count) throws IOException {
        try {
            long written = (long) Batches.WRITEV.invokeExact(state, fd, pieces, count);
            return written < 0 ? -errno() : written;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** A request of a device, which reads and writes the argument. */
    public void ioctl(int fd, String what, long request, MemorySegment argument)
            throws IOException {
        try {
            orThrow(what, (int) IOCTL.invokeExact(state, fd, request, argument));
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    public void close(int fd) {
        try {
            int closed = (int) CLOSE.invokeExact(state, fd);
            if (closed < 0 && errno() != EINTR) {
                throw new IllegalStateException("close failed with errno " + errno());
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    private int orThrow(String what, int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(what, errno());
        }
        return result;
    }

    private static IOException rethrown(Throwable e) {
        return switch (e) {
            case IOException io -> io;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalStateException(e);
        };
    }
}
