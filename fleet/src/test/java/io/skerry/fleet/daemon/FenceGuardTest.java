package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.BlockingHttp;
import io.skerry.fleet.agent.Fence;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.api.ServedApi;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FenceGuardTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Fence FENCE = new Fence(Duration.ofSeconds(2), Duration.ofMillis(400));

    /** Nothing listens at port 1: whoever connects there is refused. */
    private static final List<URI> REFUSING = List.of(URI.create("http://127.0.0.1:1"));

    @TempDir Path folder;

    @Test
    void aProcessThatStartsWhileTheStoreRefusesItsHostAloneCloses() throws Exception {
        Path renewal = folder.resolve("last-renewal");
        Files.writeString(renewal, Long.toString(System.nanoTime() - 10_000_000_000L));
        Path file = folder.resolve("last-known");
        new LastKnown(file, REFUSING)
                .machines(
                        List.of(
                                WitnessesTest.machine(ServedApi.FIRST),
                                WitnessesTest.machine(ServedApi.SECOND)));
        try (var served = new ServedApi()) {
            Peers peers = machine -> new BlockingHttp(served.url(machine.id()), null, TIMEOUT);
            var known = new LastKnown(file, REFUSING);
            var witnesses =
                    new Witnesses(ServedApi.FIRST, known::machines, peers, Witnesses.PATIENCE);
            var closed = new CountDownLatch(1);
            try (var _ = new FenceGuard(FENCE, known, witnesses, renewal, closed::countDown)) {
                assertThat(closed.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
