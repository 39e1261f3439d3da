package io.skerry.systemd.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SharedCallTest {
    private final SystemdException refused =
            new SystemdException(SystemdException.NO_SUCH_UNIT, "a bad name", null);
    private final SystemdException silence =
            new SystemdException(SystemdException.NO_REPLY, "no answer", null);

    private final List<List<String>> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch firstRuns = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final SharedCall<Collection<String>> shared =
            new SharedCall<>(units -> {
                calls.add(units);
                if (units.contains("first")) {
                    firstRuns.countDown();
                    awaitQuietly(goOn);
                }
                if (units.contains("bad")) {
                    throw refused;
                }
                if (units.contains("silent")) {
                    throw silence;
                }
                return units;
            });

    @Test
    void callersWhileOneRunsShareTheNext() throws Exception {
        List<FutureTask<Collection<String>>> answers = answersOf("first", "a", "b", "c");

        assertThat(answers.getFirst().get()).containsExactly("first");
        for (var answer : answers.subList(1, 4)) {
            assertThat(answer.get()).containsExactlyInAnyOrder("a", "b", "c");
        }
        assertThat(calls).hasSize(2);
    }

    @Test
    void whatOneCallersUnitBreaksTheOthersGetAllTheSame() throws Exception {
        List<FutureTask<Collection<String>>> answers = answersOf("first", "a", "bad", "c");

        assertThat(answers.get(1).get()).containsExactly("a");
        assertThat(answers.get(3).get()).containsExactly("c");
        assertThatThrownBy(answers.get(2)::get).hasCause(refused);
    }

    @Test
    void silenceIsWaitedForOnce() throws Exception {
        List<FutureTask<Collection<String>>> answers = answersOf("first", "a", "silent");

        assertThatThrownBy(answers.get(1)::get).hasCause(silence);
        assertThatThrownBy(answers.get(2)::get).hasCause(silence);
        assertThat(calls).hasSize(2);
    }

    /** The first one's call goes on until all the others wait. */
    private List<FutureTask<Collection<String>>> answersOf(String first, String... others)
            throws Exception {
        var answers = new ArrayList<FutureTask<Collection<String>>>();
        var threads = new ArrayList<Thread>();
        start(first, answers);
        firstRuns.await();
        for (String unit : others) {
            threads.add(start(unit, answers));
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        goOn.countDown();
        return answers;
    }

    private Thread start(String unit, List<FutureTask<Collection<String>>> answers) {
        Callable<Collection<String>> asking = () -> shared.request(List.of(unit));
        var task = new FutureTask<>(asking);
        answers.add(task);
        return Thread.ofPlatform().start(task);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
