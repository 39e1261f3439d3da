package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.FreePorts;
import io.skerry.base.net.Network;
import io.skerry.base.net.PassedSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sockets that somebody else opened. This process is started anew by systemd's own tool for that,
 * which passes them as systemd does; {@link #main} is what then serves.
 */
class PassedSocketTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir Path directory;

    @Test
    void servesAtTheSocketsThatWerePassedUntilItIsToldToStop() throws Exception {
        Path file = directory.resolve("api.sock");
        var tcp = new ListenUrl.Tcp("127.0.0.1", FreePorts.next(), false);
        Process process = activated("-l", file.toString(), "-l", "127.0.0.1:" + tcp.port());
        try {
            assertThat(get(new ListenUrl.Unix(file))).isEqualTo("two sockets");
            assertThat(get(tcp)).isEqualTo("two sockets");

            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(file).as("the socket is not ours to remove").exists();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void socketsOfAnotherProcessAreLeftAlone() throws IOException {
        assertThat(PassedSocket.all(Map.of("LISTEN_PID", "1", "LISTEN_FDS", "2"))).isEmpty();
        assertThat(PassedSocket.all(Map.of("LISTEN_FDS", "2"))).isEmpty();
        assertThat(PassedSocket.all(Map.of())).isEmpty();
    }

    @Test
    void whatIsNoListeningSocketIsRefused() {
        String pid = Long.toString(ProcessHandle.current().pid());
        var environment = Map.of("LISTEN_PID", pid, "LISTEN_FDS", "1");

        assertThatThrownBy(() -> PassedSocket.all(environment))
                .hasMessageContaining("no listening socket")
                .hasMessageContaining("ListenStream=");
    }

    @Test
    void routesCanBeExchangedUnderAConnectionThatStays() throws IOException {
        try (var network = Network.start(1);
                var listener =
                        HttpListener.start(
                                network,
                                new ListenUrl.Tcp("127.0.0.1", 0, false),
                                HttpListener.Options.of(null, saying("old")));
                var http =
                        BlockingHttp.reusing(
                                new ListenUrl.Tcp("127.0.0.1", listener.port(), false),
                                null,
                                TIMEOUT)) {
            assertThat(text(http)).isEqualTo("old");

            listener.serve(saying("new"));

            assertThat(text(http)).isEqualTo("new");
        }
    }

    private static HttpRouter saying(String word) {
        return new HttpRouter().route("GET", "/", call -> HttpReply.text(200, word));
    }

    private static Process activated(String... sockets) throws IOException {
        var command = new ArrayList<>(List.of("systemd-socket-activate"));
        command.addAll(List.of(sockets));
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PassedSocketTest.class.getName()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The first connection starts the server, so that it may take a while. */
    private static String get(ListenUrl url) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try (var http = BlockingHttp.reusing(url, null, TIMEOUT)) {
                return text(http);
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50); // systemd's tool does not listen yet
            }
        }
    }

    private static String text(BlockingHttp http) throws IOException {
        try (var response = http.send("GET", "/", Map.of(), new byte[0])) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Serves at what was passed. */
    public static void main(String[] args) throws Exception {
        var network = Network.start(1);
        List<PassedSocket> sockets = PassedSocket.all(System.getenv());
        String word = sockets.size() == 2 ? "two sockets" : sockets.size() + " sockets";
        for (PassedSocket socket : sockets) {
            var listener =
                    HttpListener.adopt(
                            network, socket, HttpListener.Options.of(null, saying(word)));
            Runtime.getRuntime().addShutdownHook(new Thread(listener::close));
        }
        Thread.currentThread().join();
    }
}
