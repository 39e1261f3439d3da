package io.skerry.systemd.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JobTableTest {
    private final JobTable jobs = new JobTable();

    @Test
    void aJobEndsWhenItsRemovalIsHeard() {
        jobs.callBegins();
        var result = jobs.callEnded("/job/1");
        jobs.jobRemoved("/job/2", JobResult.FAILED);
        assertThat(result).isNotDone();

        jobs.jobRemoved("/job/1", JobResult.DONE);

        assertThat(result).isCompletedWithValue(JobResult.DONE);
    }

    @Test
    void anEndHeardBeforeTheReplyIsNotLost() {
        jobs.callBegins();
        jobs.callBegins();
        jobs.jobRemoved("/job/1", JobResult.TIMEOUT);
        var _ = jobs.callEnded(null);

        assertThat(jobs.callEnded("/job/1")).isCompletedWithValue(JobResult.TIMEOUT);
    }

    @Test
    void allWhoAskForTheSameJobHearOfItsEnd() {
        jobs.callBegins();
        jobs.callBegins();
        var first = jobs.callEnded("/job/1");
        var found = jobs.callFound(Map.of("a.service", "/job/1"));

        jobs.jobRemoved("/job/1", JobResult.DONE);

        assertThat(first).isCompletedWithValue(JobResult.DONE);
        assertThat(found.get("a.service")).isCompletedWithValue(JobResult.DONE);
    }

    @Test
    void endsHeardWhileNobodyAskedAreForgotten() {
        jobs.jobRemoved("/job/1", JobResult.DONE);
        jobs.callBegins();

        assertThat(jobs.callEnded("/job/1")).isNotDone();
    }

    @Test
    void aLostBusFailsAllThatIsAwaited() {
        jobs.callBegins();
        var result = jobs.callEnded("/job/1");

        jobs.failAll(new SystemdException(SystemdException.DISCONNECTED, "gone", null));

        assertThat(result).isCompletedExceptionally();
    }

    @Test
    void resultsAreReadFromSystemdsNames() {
        assertThat(JobResult.of("done")).isEqualTo(JobResult.DONE);
        assertThat(JobResult.of("assert")).isEqualTo(JobResult.ASSERT);
        assertThat(JobResult.of("something new")).isEqualTo(JobResult.UNKNOWN);
        assertThat(JobResult.SKIPPED.succeeded()).isTrue();
        assertThat(JobResult.FAILED.succeeded()).isFalse();
    }
}
