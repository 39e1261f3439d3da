package io.skerry.fleet.daemon;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out whether the store's members are there at all, by connecting to each of them. */
final class StoreProbe {
    private static final Duration PATIENCE = Duration.ofMillis(900);
    private static final Duration MORE = Duration.ofMillis(100);

    private StoreProbe() {}

    /** How many members did not answer, and how many refused. */
    record Seen(int silent, int refusing) {}

    private enum Answer {
        ACCEPTED,
        REFUSED,
        NONE
    }

    /** Takes at most a second, also when a name cannot be looked up. */
    static Seen look(List<URI> members) throws InterruptedException {
        var answers = new LinkedBlockingQueue<Answer>();
        for (URI member : members) {
            Thread.ofVirtual().name("fleet-probe").start(() -> answers.add(connect(member)));
        }
        long deadline = System.nanoTime() + PATIENCE.plus(MORE).toNanos();
        int accepting = 0;
        int refusing = 0;
        for (int i = 0; i < members.size(); i++) {
            switch (answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                case ACCEPTED -> accepting++;
                case REFUSED -> refusing++;
                case NONE -> {}
                case null -> {}
            }
        }
        return new Seen(members.size() - accepting - refusing, refusing);
    }

    /** Whether somebody has refused: "Host is unreachable" came from our own side. */
    static boolean isRefusal(@Nullable Throwable failure) {
        return failure instanceof ConnectException
                && String.valueOf(failure.getMessage()).contains("refused");
    }

    private static Answer connect(URI member) {
        int port = member.getPort() < 0 ? 2379 : member.getPort();
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(member.getHost(), port), (int) PATIENCE.toMillis());
            return Answer.ACCEPTED;
        } catch (IOException e) {
            return isRefusal(e) ? Answer.REFUSED : Answer.NONE;
        }
    }
}
