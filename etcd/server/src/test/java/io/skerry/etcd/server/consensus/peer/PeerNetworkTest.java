package io.skerry.etcd.server.consensus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.net.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerNetworkTest {
    private static final Duration BUSY = Duration.ofSeconds(1);

    /** What listens on is not the socket that is closed, but the thread that waits at it. */
    @Test
    void portIsFreeOnceTheNetworkIsClosedHoweverBusyTheMachineIs() throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next());
        var network =
                new PeerNetwork(
                        new PeerOptions(1, 1, Versions.CURRENT, List.of(address), Map.of(), null));
        network.start();
        refusesAStranger(address);
        var busy = new ArrayList<Thread>();
        for (int i = 2 * Runtime.getRuntime().availableProcessors(); i > 0; i--) {
            busy.add(Thread.ofVirtual().start(PeerNetworkTest::keepAProcessorBusy));
        }

        network.close();

        try (var next = new ServerSocket()) {
            next.bind(address);
            assertThat(next.isBound()).isTrue();
        } finally {
            for (Thread thread : busy) {
                thread.join();
            }
        }
    }

    /** Afterwards it waits for the next. */
    private static void refusesAStranger(InetSocketAddress address) throws IOException {
        try (var stranger = new Socket(address.getAddress(), address.getPort())) {
            stranger.setSoTimeout(60_000);
            stranger.getOutputStream().write(new byte[40]);
            while (stranger.getInputStream().read() >= 0) {}
        } catch (SocketException e) {
            // Reset, which is a refusal, too.
            assertThat(e).isNotNull();
        }
    }

    private static void keepAProcessorBusy() {
        long until = System.nanoTime() + BUSY.toNanos();
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }
}
