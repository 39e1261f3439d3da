package io.skerry.flannel.kernel;

import java.io.IOException;
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

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /**
     * Calls any function of whole numbers and addresses: on 64-bit Linux each of up to six such
     * arguments has a register of its own, whatever its width, those of {@code ioctl} and {@code
     * open} as well, and more registers than a function looks at do no harm. What the JVM makes for
     * each shape of a call takes it longer than all else that a host needs to join a network.
     */
    private static final MethodHandle CALL =
            LINKER.downcallHandle(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.captureCallState("errno"));

    private static final MemorySegment SOCKET = function("socket");
    private static final MemorySegment BIND = function("bind");
    private static final MemorySegment CONNECT = function("connect");
    private static final MemorySegment SETSOCKOPT = function("setsockopt");
    private static final MemorySegment SEND = function("send");
    private static final MemorySegment RECV = function("recv");
    private static final MemorySegment OPEN = function("open");
    private static final MemorySegment CLOSE = function("close");
    private static final MemorySegment POLL = function("poll");
    private static final MemorySegment READ = function("read");
    private static final MemorySegment SENDMMSG = function("sendmmsg");
    private static final MemorySegment RECVMMSG = function("recvmmsg");
    private static final MemorySegment SHUTDOWN = function("shutdown");
    private static final MemorySegment WRITEV = function("writev");
    private static final MemorySegment SETNS = function("setns");
    private static final MemorySegment UNSHARE = function("unshare");
    private static final MemorySegment IOCTL = function("ioctl");

    private static final int NEW_NETWORK = 0x40000000;

    private final MemorySegment state = Arena.ofAuto().allocate(STATE);

    private static MemorySegment function(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    /** A function's result that is an {@code int}: the upper half of its register says nothing. */
    private int call(MemorySegment function, long a, long b, long c, long d, long e) {
        return (int) callLong(function, a, b, c, d, e);
    }

    private long callLong(MemorySegment function, long a, long b, long c, long d, long e) {
        try {
            return (long) CALL.invokeExact(function, state, a, b, c, d, e, 0L);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    int socket(int domain, int type, int protocol) throws IOException {
        return orThrow("socket", call(SOCKET, domain, type, protocol, 0, 0));
    }

    void bind(int fd, MemorySegment address) throws IOException {
        orThrow("bind", call(BIND, fd, address.address(), address.byteSize(), 0, 0));
    }

    void connect(int fd, MemorySegment address) throws IOException {
        orThrow("connect", call(CONNECT, fd, address.address(), address.byteSize(), 0, 0));
    }

    void setOption(int fd, int level, int name, MemorySegment value) throws IOException {
        orThrow("setsockopt", call(SETSOCKOPT, fd, level, name, value.address(), value.byteSize()));
    }

    void send(int fd, MemorySegment bytes) throws IOException {
        long sent = callLong(SEND, fd, bytes.address(), bytes.byteSize(), 0, 0);
        if (sent != bytes.byteSize()) {
            throw new ErrnoException("send", errno());
        }
    }

    /** How many bytes came; an errno, negated, when none did. */
    long receive(int fd, MemorySegment into) {
        return receive(fd, into, 0);
    }

    /** The same of what is there already. */
    long receiveNow(int fd, MemorySegment into) {
        return receive(fd, into, MSG_DONTWAIT);
    }

    private long receive(int fd, MemorySegment into, int flags) {
        return orErrno(callLong(RECV, fd, into.address(), into.byteSize(), flags, 0));
    }

    /**
     * Sends messages, an array of C's {@code mmsghdr}.
     *
     * @return how many were sent; an errno, negated, when the first was not
     */
    public int sendMessages(int fd, MemorySegment messages, int count) {
        int sent = call(SENDMMSG, fd, messages.address(), count, 0, 0);
        return (int) orErrno(sent);
    }

    /**
     * Receives messages into an array of C's {@code mmsghdr}; waits for the first, not for more.
     *
     * @return how many came; an errno, negated, when none did
     */
    public int receiveMessages(int fd, MemorySegment messages, int count) {
        int received = call(RECVMMSG, fd, messages.address(), count, MSG_WAITFORONE, 0);
        return (int) orErrno(received);
    }

    /** Wakes who waits for a socket, also for one that is connected to nobody. */
    void shutdown(int fd) {
        int _ = call(SHUTDOWN, fd, SHUT_RDWR, 0, 0, 0); // not connected: woken, too
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
            long name = arena.allocateFrom(path).address();
            return orThrow("open " + path, call(OPEN, name, flags, 0, 0, 0));
        }
    }

    /** Moves the calling thread, and what it opens and starts from now on, into a namespace. */
    void enterNetworkNamespace(String file) throws IOException {
        int readOnlyCloseOnExec = 0x80000;
        int fd = open(file, readOnlyCloseOnExec);
        try {
            orThrow("entering " + file, call(SETNS, fd, NEW_NETWORK, 0, 0, 0));
        } finally {
            close(fd);
        }
    }

    /** The same into a new namespace, which is gone when nothing is in it any more. */
    void enterNewNetworkNamespace() throws IOException {
        orThrow("making a network namespace", call(UNSHARE, NEW_NETWORK, 0, 0, 0, 0));
    }

    /** How many bytes were read; an errno, negated, when none were. */
    public long read(int fd, MemorySegment into) {
        return orErrno(callLong(READ, fd, into.address(), into.byteSize(), 0, 0));
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
                requests.set(ValueLayout.JAVA_INT, (long) POLL_REQUEST_BYTES * i, fds[i]);
            }
            requests.set(ValueLayout.JAVA_SHORT, Integer.BYTES, POLLIN);
            int ready = call(POLL, requests.address(), fds.length, timeoutMillis, 0, 0);
            if (ready < 0 && errno() != EINTR) {
                throw new ErrnoException("waiting for packets", errno());
            }
        }
    }

    /**
     * Writes pieces of memory, an array of C's {@code iovec}, as one.
     *
     * @return how many bytes were written; an errno, negated, when none were
     */
    public long writePieces(int fd, MemorySegment pieces, int count) {
        return orErrno(callLong(WRITEV, fd, pieces.address(), count, 0, 0));
    }

    /** A request of a device, which reads and writes the argument. */
    public void ioctl(int fd, String what, long request, MemorySegment argument)
            throws IOException {
        orThrow(what, call(IOCTL, fd, request, argument.address(), 0, 0));
    }

    public void close(int fd) {
        if (call(CLOSE, fd, 0, 0, 0, 0) < 0 && errno() != EINTR) {
            throw new IllegalStateException("close failed with errno " + errno());
        }
    }

    private int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    private long orErrno(long result) {
        return result < 0 ? -errno() : result;
    }

    private int orThrow(String what, int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(what, errno());
        }
        return result;
    }
}
