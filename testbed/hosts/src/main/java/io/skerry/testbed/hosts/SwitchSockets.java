package io.skerry.testbed.hosts;

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
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Opens sockets in another network namespace. A socket belongs to the namespace in which its thread
 * was when it was made, and setns(2) changes the namespace of one thread only; so one thread is
 * sent there for good, and what it opens can be used by all others.
 */
final class SwitchSockets implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_RDONLY_CLOEXEC = 0x80000;

    private final ExecutorService thread;

    private SwitchSockets(ExecutorService thread) {
        this.thread = thread;
    }

    static SwitchSockets in(Path namespace) throws IOException, InterruptedException {
        ExecutorService thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("switch-sockets").factory());
        var sockets = new SwitchSockets(thread);
        try {
            sockets.onThread(() -> {
                enter(namespace);
                return true;
            });
        } catch (IOException | InterruptedException e) {
            sockets.close();
            throw e;
        }
        return sockets;
    }

    /** A new socket of that namespace, blocking and not connected. */
    SocketChannel open() throws IOException, InterruptedException {
        return onThread(SocketChannel::open);
    }

    private interface Opening<T> {
        T run() throws IOException;
    }

    private <T> T onThread(Opening<T> opening) throws IOException, InterruptedException {
        var result = new CompletableFuture<T>();
        thread.execute(() -> {
            try {
                result.complete(opening.run());
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    // Calling C is restricted in Java for the caller to vouch for the signatures: open(2),
    // setns(2),
    // close(2) have been the same since they exist.
    @SuppressWarnings("restricted")
    private static void enter(Path namespace) throws IOException {
        Linker linker = Linker.nativeLinker();
        StructLayout state = Linker.Option.captureStateLayout();
        Linker.Option captured = Linker.Option.captureCallState("errno");
        VarHandle errno = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        MethodHandle open =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("open"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        captured);
        MethodHandle setns =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("setns"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                        captured);
        MethodHandle close =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("close"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment call = arena.allocate(state);
            int fd =
                    (int)
                            open.invokeExact(
                                    call,
                                    arena.allocateFrom(namespace.toString()),
                                    O_RDONLY_CLOEXEC);
            if (fd < 0) {
                throw new IOException(
                        "cannot open " + namespace + ": errno " + (int) errno.get(call, 0L));
            }
            int entered = (int) setns.invokeExact(call, fd, CLONE_NEWNET);
            int reason = (int) errno.get(call, 0L);
            int closed = (int) close.invokeExact(fd);
            if (entered != 0 || closed != 0) {
                throw new IOException("cannot enter " + namespace + ": errno " + reason);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
