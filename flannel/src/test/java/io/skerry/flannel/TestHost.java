package io.skerry.flannel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import io.skerry.flannel.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A host of a {@link TestNetwork}: a network namespace, and a thread that lives in it. */
public final class TestHost implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    /** Where many networks come and go, the kernel lets one command wait for another. */
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);

    private final String namespace;
    private final NetworkNamespace thread;

    TestHost(String namespace) throws Exception {
        this.namespace = namespace;
        Command.of("ip", "netns", "add", namespace).timeout(COMMAND_LIMIT).check();
        this.thread = new NetworkNamespace(namespace);
    }

    /** Runs on the host's thread: what it opens and starts belongs to the host. */
    public <T> T on(Callable<T> action) throws Exception {
        return thread.on(action);
    }

    public String namespace() {
        return namespace;
    }

    /** What a command of iproute2 says, e.g. {@code ip("route")}. */
    public String ip(String... words) throws IOException, InterruptedException {
        return Command.of(
                        Stream.concat(Stream.of("ip", "-n", namespace), Arrays.stream(words))
                                .toList())
                .timeout(COMMAND_LIMIT)
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
                .timeout(COMMAND_LIMIT)
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

    @Override
    public void close() throws IOException {
        thread.close();
        try {
            Command.of("ip", "netns", "del", namespace).timeout(COMMAND_LIMIT).check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
