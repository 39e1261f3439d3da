package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LibraryThreadsTest {
    private final LibraryThreads threads = new LibraryThreads();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static <T> T enteringThread(Callable<T> does) throws Exception {
        var task = new FutureTask<>(does);
        Thread.ofPlatform().daemon().name(LibraryThreads.ENTERING + "7").start(task);
        return task.get(60, TimeUnit.SECONDS);
    }

    private static Future<String> nameOfThread(LibraryThreads threads) {
        var name = new FutureTask<>(() -> Thread.currentThread().getName());
        var _ = threads.submit((Runnable) name);
        return name;
    }

    @Test
    void theThreadThatEntersDoesItsTasksItself() throws Exception {
        Future<String> name =
                enteringThread(() -> {
                    Future<String> running = nameOfThread(threads);
                    assertThat(running.isDone()).isTrue();
                    return running;
                });
        assertThat(name.resultNow()).isEqualTo(LibraryThreads.ENTERING + "7");
    }

    @Test
    void whatATaskLeadsToIsDoneByAnotherThread() throws Exception {
        Future<String> inner =
                enteringThread(() -> {
                    var outer = new FutureTask<>(() -> nameOfThread(threads));
                    var _ = threads.submit((Runnable) outer);
                    return outer.resultNow();
                });
        assertThat(inner.get(60, TimeUnit.SECONDS)).startsWith("raft-aside-");
    }

    @Test
    void allOtherThreadsGiveTheirTasksAway() throws Exception {
        assertThat(nameOfThread(threads).get(60, TimeUnit.SECONDS)).startsWith("raft-aside-");
    }

    @Test
    void aTaskThatFailsHarmsNobody() throws Exception {
        enteringThread(() -> {
            Future<?> failed =
                    threads.submit(
                            (Runnable)
                                    () -> {
                                        throw new IllegalStateException("no");
                                    });
            assertThatThrownBy(failed::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("no");
            assertThat(nameOfThread(threads).isDone()).isTrue();
            return true;
        });
    }
}
