package io.skerry.systemd.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedReloadTest {
    @Test
    void callersWhileOneRunsShareTheNext() throws Exception {
        var shared = new SharedReload();
        var reloads = new AtomicInteger();
        var firstRuns = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        SharedReload.Reload slow =
                () -> {
                    if (reloads.incrementAndGet() == 1) {
                        firstRuns.countDown();
                        awaitQuietly(goOn);
                    }
                };
        threads.add(start(shared, slow));
        firstRuns.await();
        for (int i = 0; i < 20; i++) {
            threads.add(start(shared, slow));
        }
        for (Thread thread : threads.subList(1, threads.size())) {
            awaitWaiting(thread);
        }

        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(reloads).hasValue(2);
    }

    @Test
    void aFailureIsToldAndTheNextCallerTriesItself() throws Exception {
        var shared = new SharedReload();
        var error = new SystemdException(SystemdException.NO_REPLY, "silent", null);
        var reloads = new AtomicInteger();

        assertThatThrownBy(() ->
                        shared.request(() -> {
                            throw error;
                        }))
                .isSameAs(error);
        shared.request(reloads::incrementAndGet);

        assertThat(reloads).hasValue(1);
    }

    private static Thread start(SharedReload shared, SharedReload.Reload reload) {
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        shared.request(reload);
                    } catch (SystemdException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
