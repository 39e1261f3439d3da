package io.skerry.base.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SteadyLoopTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    @Test
    void turnThatFailsIsToldAndTakenAgain() {
        var turns = new AtomicInteger();
        var told = new ArrayList<String>();

        SteadyLoop.run(
                "test",
                () -> {
                    if (turns.incrementAndGet() == 2) {
                        throw new IllegalStateException("by the test");
                    }
                    return turns.get() < 4;
                },
                told::add,
                SHORT);

        assertThat(turns).hasValue(4);
        assertThat(told)
                .isEqualTo(
                        List.of(
                                "a fault of this program: java.lang.IllegalStateException: by the"
                                        + " test"));
    }

    @Test
    void errorEndsIt() {
        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() ->
                        SteadyLoop.run(
                                "test",
                                () -> {
                                    throw new StackOverflowError("by the test");
                                }));
    }

    @Test
    void interruptionEndsItAlsoInThePauseAfterAFault() throws Exception {
        var failed = new CountDownLatch(1);
        Thread thread =
                Thread.ofVirtual()
                        .start(() ->
                                SteadyLoop.run(
                                        "test",
                                        () -> {
                                            throw new IllegalStateException("by the test");
                                        },
                                        _ -> failed.countDown(),
                                        Duration.ofDays(1)));
        assertThat(failed.await(60, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();

        ThreadEnd.await(thread);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void whoIsInterruptedWhileWaitingForAThreadWaitsOnAndIsInterruptedAfterwards() {
        Thread waiting = Thread.currentThread();
        Thread awaited =
                Thread.ofVirtual()
                        .start(() ->
                                SteadyLoop.run(
                                        "test",
                                        () -> {
                                            // Ends only once the interruption has been taken.
                                            TimeUnit.MILLISECONDS.sleep(1);
                                            return waiting.isInterrupted();
                                        }));
        waiting.interrupt();

        ThreadEnd.await(awaited);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(awaited.isAlive()).isFalse();
    }

    @Test
    void threadDoesNotWaitForItself() {
        ThreadEnd.await(Thread.currentThread());

        assertThat(Thread.currentThread().isAlive()).isTrue();
    }
}
