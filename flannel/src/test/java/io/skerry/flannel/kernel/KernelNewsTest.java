package io.skerry.flannel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Await;
import io.skerry.flannel.Heard;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestNetwork;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The real kernel's news, in a namespace. */
class KernelNewsTest {
    @Test
    void newsAreToldAgainAfterAFaultOfWhoHearsThem() throws Exception {
        try (var network = new TestNetwork(1)) {
            TestHost host = network.host(1);
            var told = new AtomicInteger();
            try (var _ =
                    host.on(() ->
                            KernelNews.ofNetwork(
                                    _ -> true,
                                    () -> {
                                        if (told.incrementAndGet() == 1) {
                                            throw new IllegalStateException("a fault of the test");
                                        }
                                    }))) {
                host.ip("addr", "add", "10.99.0.1/32", "dev", "lo");
                Await.until("it is told once", () -> told.get() >= 1);
                host.ip("addr", "add", "10.99.0.2/32", "dev", "lo");
                Await.until("it is told again", () -> told.get() >= 2);
            }
            assertThat(host.ip("addr")).contains("10.99.0.2");
        }
    }

    /** The kernel's own socket, at which a test fails. */
    private record Failing(KernelNews.Stream real, AtomicBoolean fails)
            implements KernelNews.Stream {
        @Override
        public List<NetlinkSocket.Incoming> next() throws IOException {
            if (fails.get()) {
                throw new IOException("a failure of the test");
            }
            return real.next();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    @Test
    void thatNewsCannotBeHeardIsToldOnceAndOnceThatTheyCanAgain() throws Exception {
        var fails = new AtomicBoolean();
        var attempts = new AtomicInteger();
        var told = new AtomicInteger();
        KernelNews.Source real = KernelNews.Source.of(Netlink.ROUTE, Netlink.ROUTE_GROUPS);
        KernelNews.Source source =
                () -> {
                    attempts.incrementAndGet();
                    if (fails.get()) {
                        throw new IOException("a failure of the test");
                    }
                    return new Failing(real.open(), fails);
                };
        try (var heard = Heard.of(KernelNews.class);
                var network = new TestNetwork(1)) {
            TestHost host = network.host(1);
            try (var _ =
                    host.on(() ->
                            KernelNews.start(source, _ -> true, told::incrementAndGet, "test"))) {
                fails.set(true);
                Await.until("it was tried again", () -> attempts.get() >= 3);
                assertThat(heard.count("cannot hear")).isEqualTo(1);
                assertThat(heard.count("hears")).isZero();
                int before = told.get();

                fails.set(false);

                Await.until("it is told", () -> heard.has("hears"));
                assertThat(told.get()).isGreaterThan(before); // of what may have been missed
                int missed = told.get();
                host.ip("addr", "add", "10.99.0.1/32", "dev", "lo");
                Await.until("news are told", () -> told.get() > missed);
                assertThat(heard.count("cannot hear")).isEqualTo(1);
                assertThat(heard.count("hears")).isEqualTo(1);
            }
        }
    }

    @Test
    void pausesBetweenAttemptsGrowUpToHalfAMinute() {
        assertThat(IntStream.of(0, 1, 2, 3, 4, 5, 6, 100).mapToLong(KernelNews::retryMillis))
                .containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
    }

    @Test
    void closingDoesNotWaitForTheNextAttempt() throws Exception {
        var attempts = new AtomicInteger();
        KernelNews.Source real = KernelNews.Source.of(Netlink.ROUTE, Netlink.ROUTE_GROUPS);
        var thread = new AtomicReference<Thread>();
        try (var network = new TestNetwork(1)) {
            var news =
                    network.host(1)
                            .on(() ->
                                    KernelNews.start(
                                            () -> {
                                                thread.set(Thread.currentThread());
                                                if (attempts.incrementAndGet() > 1) {
                                                    throw new IOException("a failure of the test");
                                                }
                                                return new Failing(
                                                        real.open(), new AtomicBoolean(true));
                                            },
                                            _ -> true,
                                            () -> {},
                                            "test"));
            Await.until("it was tried again", () -> attempts.get() >= 2);

            news.close();

            Await.until("its thread has ended", () -> !alive(thread));
        }
    }

    private static boolean alive(AtomicReference<Thread> thread) {
        Thread last = thread.get();
        return last == null || last.isAlive();
    }
}
