package io.skerry.base.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A listening socket that the service manager opened and left to this process (systemd's socket
 * activation, sd_listen_fds(3)). It stays the service manager's: who listens on it accepts nothing
 * more in the end, and removes nothing.
 *
 * @param unix a Unix socket; else one of TCP
 */
public record PassedSocket(int descriptor, boolean unix) {
    private static final int FIRST_DESCRIPTOR = 3;

    // Linux's numbers, the same on all architectures that there is a Java for.
    private static final int SOL_SOCKET = 1;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int AF_UNIX = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;

    /**
     * All that were passed to this process; none when its environment does not say so, or says it
     * of another process.
     *
     * @throws IOException when something was passed that is no listening socket
     */
    public static List<PassedSocket> all(Map<String, String> environment) throws IOException {
        String process = environment.getOrDefault("LISTEN_PID", "");
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (!process.equals(Long.toString(ProcessHandle.current().pid()))
                || !count.matches("[1-9][0-9]{0,3}")) {
            return List.of();
        }
        List<PassedSocket> sockets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            sockets.add(of(FIRST_DESCRIPTOR + i));
        }
        return List.copyOf(sockets);
    }

    /**
     * Takes an open descriptor, and makes it one that does not block, which event loops need and
     * systemd does not do by itself.
     *
     * @throws IOException when it is no listening socket
     */
    static PassedSocket of(int descriptor) throws IOException {
        if (option(descriptor, SO_ACCEPTCONN) != 1) {
            throw new IOException(
                    "descriptor "
                            + descriptor
                            + " that the service manager passed is no listening socket; only"
                            + " ListenStream= of a socket unit can be used");
        }
        int flags = control(descriptor, F_GETFL, 0);
        if (control(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) {
            throw new IOException("cannot make passed socket " + descriptor + " non-blocking");
        }
        return new PassedSocket(descriptor, option(descriptor, SO_DOMAIN) == AF_UNIX);
    }

    /** An option of a socket, -1 when there is no such socket. */
    private static int option(int descriptor, int name) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(ValueLayout.JAVA_INT);
            var length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            int result =
                    (int)
                            function(
                                            "getsockopt",
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.ADDRESS,
                                                    ValueLayout.ADDRESS))
                                    .invokeExact(descriptor, SOL_SOCKET, name, value, length);
            return result < 0 ? -1 : value.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable e) {
            throw new IllegalStateException("getsockopt(2) cannot be called", e);
        }
    }

    private static int control(int descriptor, int command, int argument) {
        try {
            return (int)
                    function(
                                    "fcntl",
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.JAVA_INT),
                                    Linker.Option.firstVariadicArg(2))
                            .invokeExact(descriptor, command, argument);
        } catch (Throwable e) {
            throw new IllegalStateException("fcntl(2) cannot be called", e);
        }
    }

    // Calling C is restricted in Java for the caller to vouch for the signatures: these two have
    // been the same since they exist.
    @SuppressWarnings("restricted")
    private static MethodHandle function(
            String name, FunctionDescriptor signature, Linker.Option... options) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature, options);
    }
}
