package io.skerry.fleet.daemon;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds out whether the store's members are there at all, by connecting to each of them. */
final class StoreProbe {
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private StoreProbe() {}

    /** How many members do not answer; one that refuses does answer. Takes at most a second. */
    static int unreachable(List<URI> members) throws InterruptedException {
        var silent = new AtomicInteger();
        List<Thread> probes = new ArrayList<>();
        for (URI member : members) {
            probes.add(
                    Thread.ofVirtual()
                            .name("fleet-probe")
                            .start(() -> {
                                if (!answers(member)) {
                                    silent.incrementAndGet();
                                }
                            }));
        }
        for (Thread probe : probes) {
            probe.join();
        }
        return silent.get();
    }

    private static boolean answers(URI member) {
        int port = member.getPort() < 0 ? 2379 : member.getPort();
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(member.getHost(), port), (int) PATIENCE.toMillis());
            return true;
        } catch (ConnectException e) {
            // "Connection refused" came from the member; "Host is unreachable" from our own side.
            return String.valueOf(e.getMessage()).contains("refused");
        } catch (IOException e) {
            return false;
        }
    }
}
