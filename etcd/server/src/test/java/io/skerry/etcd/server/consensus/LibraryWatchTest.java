package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class LibraryWatchTest {
    private static final int PATIENCE = 100;
    private static final int ANSWERS = 60;
    private static final long LOOK_MILLIS = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger answers = new AtomicInteger();
    private final CompletableFuture<String> told = new CompletableFuture<>();

    private LibraryWatch watch(AtomicBoolean diskWorks) {
        return new LibraryWatch(this::ask, diskWorks::get, LOOK_MILLIS, PATIENCE, told::complete);
    }

    private void ask() {
        lock.lock();
        try {
            answers.incrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    /** A thread that takes the library's lock and ends without giving it back. */
    private void loseTheLock() throws InterruptedException {
        Thread.ofPlatform().start(lock::lock).join();
    }

    private void awaitAnswers(int wanted) {
        int before = answers.get();
        LedgerCluster.await(
                "answers", Duration.ofSeconds(60), () -> answers.get() - before >= wanted);
    }

    @Test
    void memberWhoseLibraryNeverGivesALockBackIsGivenUp() throws Exception {
        try (var _ = watch(new AtomicBoolean())) {
            awaitAnswers(3);
            assertThat(told).isNotDone();

            loseTheLock();

            assertThat(told.get(60, TimeUnit.SECONDS)).isEqualTo(LibraryWatch.REASON);
        }
    }

    @Test
    void libraryThatAnswersIsLeftAlone() {
        try (var _ = watch(new AtomicBoolean())) {
            awaitAnswers(ANSWERS);
            assertThat(told).isNotDone();
        }
    }

    @Test
    void lockThatIsHeldWhileTheDiskWorksIsWaitedFor() throws Exception {
        var looks = new CountDownLatch(2 * PATIENCE);
        var diskWorks = new AtomicBoolean(true);
        lock.lock();
        try (var _ =
                new LibraryWatch(
                        this::ask,
                        () -> {
                            looks.countDown();
                            return diskWorks.get();
                        },
                        LOOK_MILLIS,
                        PATIENCE,
                        told::complete)) {
            assertThat(looks.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(told).isNotDone();

            lock.unlock();
            awaitAnswers(3);
            diskWorks.set(false);
            loseTheLock();

            assertThat(told.get(60, TimeUnit.SECONDS)).isEqualTo(LibraryWatch.REASON);
        }
    }
}
