package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.BlockingHttp;
import io.skerry.fleet.agent.Testimony.Answer;
import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.api.ServedApi;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WitnessesTest {
    private static final String NOWHERE = "3".repeat(32);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private ServedApi served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedApi();
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void tellWhetherTheStoreAnswersAnyOfThem() throws Exception {
        assertThat(asked(ServedApi.FIRST, ServedApi.SECOND, NOWHERE)).isEqualTo(Answer.YES);
        Events.happen(served.registry(), "store away");
        assertThat(asked(ServedApi.FIRST, ServedApi.SECOND, NOWHERE)).isEqualTo(Answer.NO);
    }

    @Test
    void areOthersThatAreThere() throws Exception {
        assertThat(asked(ServedApi.FIRST))
                .as("a host is no witness of itself")
                .isEqualTo(Answer.NOTHING);
        assertThat(asked(ServedApi.FIRST, NOWHERE))
                .as("nothing is started where there is no fleet")
                .isEqualTo(Answer.NO);
    }

    @Test
    void areAskedOnceAndMayAnswerLate() throws Exception {
        var calls = new AtomicInteger();
        var goOn = new CountDownLatch(1);
        Peers busy =
                machine -> {
                    calls.incrementAndGet();
                    awaitQuietly(goOn);
                    return new BlockingHttp(served.url(machine.id()), null, TIMEOUT);
                };
        var witnesses =
                new Witnesses(
                        ServedApi.FIRST,
                        () -> List.of(machine(ServedApi.FIRST), machine(ServedApi.SECOND)),
                        busy,
                        Duration.ofMillis(1));
        assertThat(witnesses.askWhetherTheStoreAnswersThem()).isEqualTo(Answer.NOTHING);
        assertThat(witnesses.askWhetherTheStoreAnswersThem()).isEqualTo(Answer.NOTHING);
        assertThat(calls).hasValueLessThanOrEqualTo(1);

        goOn.countDown();

        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        var answer = Answer.NOTHING;
        while (answer == Answer.NOTHING && System.nanoTime() < deadline) {
            answer = witnesses.askWhetherTheStoreAnswersThem();
        }
        assertThat(answer).isEqualTo(Answer.YES);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As the first of these hosts. */
    private Answer asked(String... ids) throws InterruptedException {
        Peers peers = machine -> new BlockingHttp(served.url(machine.id()), null, TIMEOUT);
        List<MachineState> machines = List.of(ids).stream().map(WitnessesTest::machine).toList();
        return new Witnesses(ids[0], () -> machines, peers, TIMEOUT)
                .askWhetherTheStoreAnswersThem();
    }

    static MachineState machine(String id) {
        return new MachineState(
                id, "10.0.0.1", new TreeMap<>(), "boot", "1", false, false, Resources.NONE);
    }
}
