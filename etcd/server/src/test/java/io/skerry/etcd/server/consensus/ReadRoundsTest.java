package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.error.RaftError;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rounds that fail as the library lets them: it tells the failure, and later that it is late. */
class ReadRoundsTest {
    private static final byte[] NO_CONTEXT = {};
    private static final Status NO_LEADER = new Status(RaftError.EPERM, "No leader at term 1.");
    private static final Status LATE =
            new Status(RaftError.ETIMEDOUT, "read-index request timeout");

    private final BlockingQueue<ReadIndexClosure> asked = new LinkedBlockingQueue<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ReadRounds rounds = new ReadRounds(node(), -1, timer, Failures::noLeader);

    /** Can only be asked for the index of reads. */
    private Node node() {
        return (Node)
                Proxy.newProxyInstance(
                        Node.class.getClassLoader(),
                        new Class<?>[] {Node.class},
                        (_, _, arguments) -> asked.add((ReadIndexClosure) arguments[1]));
    }

    @AfterEach
    void close() {
        rounds.close();
        timer.shutdownNow();
    }

    private ReadIndexClosure nextRound() throws InterruptedException {
        return Objects.requireNonNull(asked.poll(60, TimeUnit.SECONDS), "no round came");
    }

    private static void fail(ReadIndexClosure round, Status reason) {
        round.run(reason, ReadIndexClosure.INVALID_LOG_INDEX, NO_CONTEXT);
    }

    @Test
    void aReaderWithoutALeaderIsHeldOnceHoweverManyRoundsFail() throws Exception {
        var index = rounds.join(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200));
        int failures = 0;
        while (!index.isDone()) {
            var round = nextRound();
            fail(round, NO_LEADER);
            fail(round, LATE);
            failures++;
        }
        assertThatThrownBy(index::join).hasRootCauseMessage("etcdserver: no leader");
        assertThat(rounds.failed()).isEqualTo(1);
        assertThat(rounds.slow()).isEqualTo(failures);
    }

    @Test
    void aReaderThatIsServedDoesNotWaitAgain() throws Exception {
        var index = rounds.join(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        var failed = nextRound();
        fail(failed, NO_LEADER);
        nextRound().run(Status.OK(), 7, NO_CONTEXT);
        assertThat(index.join()).isEqualTo(7);

        fail(failed, LATE);

        assertThat(timer.getQueue()).isEmpty();
        assertThat(asked).isEmpty();
        assertThat(rounds.slow()).isEqualTo(1);
    }
}
