package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class NewsTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    @Test
    void whatIsTrueIsNotWaitedFor() throws Exception {
        assertThat(new News().await(() -> true, 0)).isTrue();
    }

    @Test
    void whatDoesNotBecomeTrueIsGivenUp() throws Exception {
        assertThat(new News().await(() -> false, 1)).isFalse();
    }

    @Test
    void looksAgainWhenItIsToldAndOnlyThen() throws Exception {
        var news = new News();
        var looks = new CountDownLatch(2);
        var ready = new AtomicBoolean();
        var waiting =
                new FutureTask<>(() ->
                        news.await(
                                () -> {
                                    looks.countDown();
                                    return ready.get();
                                },
                                HOUR));
        Thread.ofVirtual().start(waiting);
        while (looks.getCount() > 0) {
            news.tell();
            Thread.onSpinWait();
        }
        assertThat(waiting).isNotDone();
        ready.set(true);
        news.tell();
        assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void newsBetweenALookAndTheWaitAreNotMissed() throws Exception {
        var news = new News();
        long seen = news.seen();
        news.tell();
        assertThat(news.awaitNext(seen, HOUR)).isTrue();
        assertThat(news.awaitNext(news.seen(), 1)).isFalse();
    }
}
