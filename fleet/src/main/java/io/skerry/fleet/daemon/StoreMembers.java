package io.skerry.fleet.daemon;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.Voter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Asks the store now and then who its members are. What a host is configured with does not tell:
 * often it is the member beside it alone, which a host reaches that is cut off from all others.
 */
final class StoreMembers implements AutoCloseable {
    private static final Log LOG = Log.of(StoreMembers.class);
    private static final Duration BETWEEN = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Source source;
    private final Consumer<List<URI>> news;
    private final Thread thread;

    /** The store. */
    @FunctionalInterface
    interface Source {
        /** The members that vote. */
        List<Voter> voters() throws EtcdException, InterruptedException;
    }

    /** Starts to ask. */
    StoreMembers(Source source, Consumer<List<URI>> news) {
        this.source = source;
        this.news = news;
        this.thread = Thread.ofVirtual().name("fleet-members").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Duration pause = BETWEEN;
                try {
                    List<URI> addresses = addresses(source.voters());
                    if (!addresses.isEmpty()) {
                        news.accept(addresses);
                    }
                } catch (EtcdException e) {
                    LOG.debug("cannot ask for the store's members", "cause", e.getMessage());
                    pause = RETRY;
                }
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** Where each of them can be looked for from another host. */
    static List<URI> addresses(List<Voter> voters) {
        return voters.stream().flatMap(voter -> address(voter).stream()).toList();
    }

    /** Members always reach each other, even where they tell clients an address of no use. */
    private static Optional<URI> address(Voter voter) {
        List<URI> all =
                Stream.concat(voter.clientUrls().stream(), voter.peerUrls().stream())
                        .flatMap(StoreMembers::parse)
                        .toList();
        return all.stream()
                .filter(url -> !isOfNoUse(url.getHost()))
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    private static Stream<URI> parse(String url) {
        try {
            URI parsed = URI.create(url);
            return parsed.getHost() == null ? Stream.of() : Stream.of(parsed);
        } catch (IllegalArgumentException e) {
            return Stream.of();
        }
    }

    /** On every host this means the host itself. */
    private static boolean isOfNoUse(String host) {
        return host.equals("localhost")
                || host.startsWith("127.")
                || host.equals("0.0.0.0")
                || host.equals("[::]")
                || host.equals("[::1]");
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
