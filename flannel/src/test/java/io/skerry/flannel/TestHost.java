package io.skerry.flannel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A host of a {@link TestNetwork}: a network namespace, and a thread that lives in it. */
public final class TestHost implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int CLONE_NEWNET = 0x40000000;

    private final String namespace;
    private final ExecutorService thread;

    TestHost(String namespace) throws Exception {
        this.namespace = namespace;
        Command.of("ip", "netns", "add", namespace).check();
        this.thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name(namespace).factory());
        on(() -> {
            enter("/run/netns/" + namespace);
            return true;
        });
    }

    /** Runs on the host's thread: what it opens and starts belongs to the host. */
    public <T> T on(Callable<T> action) throws Exception {
        Future<T> result = thread.submit(action);
        try {
            return result.get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    public String namespace() {
        return namespace;
    }

    /** What a command of iproute2 says, e.g. {@code ip("route")}. */
    public String ip(String... words) throws IOException, InterruptedException {
        return Command.of(
                        Stream.concat(Stream.of("ip", "-n", namespace), Arrays.stream(words))
                                .toList())
                .check()
                .stdout();
    }

    /** Runs a command in the host, whatever its exit code. */
    public Finished run(String... words) throws IOException, InterruptedException {
        return Command.of(
                        Stream.concat(
                                        Stream.of("nsenter", "--net=/run/netns/" + namespace),
                                        Arrays.stream(words))
                                .toList())
                .run();
    }

    /** Which address another host sees when this one connects to it. */
    public String seenBy(TestHost other, String to) throws Exception {
        try (var server = other.on(() -> new ServerSocket(0, 1, InetAddress.getByName(to)));
                var client =
                        on(() -> {
                            var socket = new Socket();
                            socket.connect(
                                    new InetSocketAddress(to, server.getLocalPort()),
                                    PATIENCE_MILLIS);
                            return socket;
                        });
                var accepted = server.accept()) {
            assertThat(client.isConnected()).isTrue();
            return accepted.getInetAddress().getHostAddress();
        }
    }

    /** Whether a connection from an address of this host to one of another comes about. */
    public boolean reaches(TestHost other, String from, String to) throws Exception {
        try (var server = other.on(() -> new ServerSocket(0, 1, InetAddress.getByName(to)))) {
            return on(() -> {
                try (var socket = new Socket()) {
                    socket.bind(new InetSocketAddress(from, 0));
                    socket.connect(
                            new InetSocketAddress(to, server.getLocalPort()), PATIENCE_MILLIS);
                    return true;
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @SuppressWarnings("restricted")
    private static void enter(String file) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle open =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("open"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MethodHandle setns =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("setns"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) open.invokeExact(arena.allocateFrom(file), 0x80000);
            if ((int) setns.invokeExact(fd, CLONE_NEWNET) != 0) {
                throw new IOException("cannot enter " + file + "; root is needed");
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        try {
            Command.of("ip", "netns", "del", namespace).check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
