package io.skerry.flannel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Await;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.address.Ip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The real kernel, in namespaces of its own. */
class EchoSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestNetwork network;

    EchoSocketTest() throws Exception {
        network = new TestNetwork(1);
    }

    private boolean answers(String host, int bytes, Duration patience) throws Exception {
        return network.host(1)
                .on(() -> {
                    try (var socket = EchoSocket.to(Ip.parse(host).orElseThrow(), (short) -5)) {
                        return socket.isAnswered(bytes, patience);
                    }
                });
    }

    /** The host may not know yet where the first packet goes. */
    private void awaitAnswer(String host, int bytes) throws Exception {
        Await.until(host + " answers", () -> answers(host, bytes, PATIENCE));
    }

    @Test
    void whatFitsAPathIsAnsweredAndWhatDoesNotIsNot() throws Exception {
        try (network) {
            var beyond = network.container(network.bridge(), "10.99.0.1", "10.99.0.2");
            network.bridge().ip("link", "set", "c0", "mtu", "1300");
            beyond.ip("link", "set", "eth0", "mtu", "1300");
            network.bridge()
                    .on(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1\n"));

            for (String neighbour : new String[] {"10.88.0.1", "fd88::1"}) {
                awaitAnswer(neighbour, 1500);
                assertThat(answers(neighbour, 1501, PATIENCE)).as(neighbour).isFalse();
            }
            awaitAnswer("10.99.0.2", 1300);
            assertThat(answers("10.99.0.2", 1301, PATIENCE)).isFalse(); // by the router's word
            assertThat(answers("10.88.0.99", 500, Duration.ofMillis(50))).isFalse();
        }
    }
}
