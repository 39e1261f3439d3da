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

    /** How many members did not answer, and how many refused. */
    record Seen(int silent, int refusing) {}

    private enum Answer {
        ACCEPTED,
        REFUSED,
        NONE
    }

    /** Takes at most a second. */
    static Seen look(List<URI> members) throws InterruptedException {
        var silent = new AtomicInteger();
        var refusing = new AtomicInteger();
        List<Thread> probes = new ArrayList<>();
        for (URI member : members) {
            probes.add(
                    Thread.ofVirtual()
                            .name("fleet-probe")
                            .start(() -> {
                                switch (connect(member)) {
                                    case ACCEPTED -> {}
                                    case REFUSED -> refusing.incrementAndGet();
                                    case NONE -> silent.incrementAndGet();
                                }
                            }));
        }
        for (Thread probe : probes) {
            probe.join();
        }
        return new Seen(silent.get(), refusing.get());
    }

    private static Answer connect(URI member) {
        int port = member.getPort() < 0 ? 2379 : member.getPort();
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(member.getHost(), port), (int) PATIENCE.toMillis());
            return Answer.ACCEPTED;
        } catch (ConnectException e) {
            // "Host is unreachable" came from our own side.
            boolean refused = String.valueOf(e.getMessage()).contains("refused");
            return refused ? Answer.REFUSED : Answer.NONE;
        } catch (IOException e) {
            return Answer.NONE;
        }
    }
}
