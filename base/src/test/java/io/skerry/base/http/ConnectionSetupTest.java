package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.GrpcService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a connection may be there without having asked for anything; in virtual time. */
class ConnectionSetupTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final String REQUEST = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

    private static EmbeddedChannel connection() {
        return connection(new HttpRouter());
    }

    private static EmbeddedChannel connection(HttpRouter routes) {
        var channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline()
                .addLast(
                        new ConnectionSetup(
                                null,
                                routes,
                                new GrpcService(new GrpcRouter(), 1000),
                                new RunningCalls(),
                                1000,
                                ConnectionSetup.limits(10, Duration.ofHours(1)),
                                new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE)));
        return channel;
    }

    private static void say(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static void waitFor(EmbeddedChannel channel, long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
    }

    @Test
    void oneThatNeverSaysAnythingIsClosed() {
        var channel = connection();
        waitFor(channel, RequestPatience.SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();
        waitFor(channel, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void oneThatAsksAByteAtATimeIsClosed() {
        var channel = connection();
        say(channel, "GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ");
        for (int i = 0; i < RequestPatience.SECONDS; i++) {
            assertThat(channel.isOpen()).isTrue();
            say(channel, "x");
            waitFor(channel, 1);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void oneThatHasAskedMayBeIdle() {
        var channel = connection();
        say(channel, REQUEST);
        waitFor(channel, 10 * RequestPatience.SECONDS);
        assertThat(channel.isOpen()).isTrue();
        var _ = channel.close();
    }

    @Test
    void oneThatStallsInALaterRequestIsClosedAfterTheSameTime() {
        for (String beginning :
                List.of("G", "GET /health HTTP/1.1\r\n", "GET /health HTTP/1.1\r\nHost: ")) {
            var channel = connection();
            say(channel, REQUEST);
            waitFor(channel, 10 * RequestPatience.SECONDS);
            say(channel, REQUEST + beginning);
            for (int i = 0; i < RequestPatience.SECONDS; i++) {
                assertThat(channel.isOpen()).as(beginning).isTrue();
                waitFor(channel, 1);
            }
            assertThat(channel.isOpen()).as(beginning).isFalse();
        }
    }

    @Test
    void oneThatAsksALaterRequestAByteAtATimeIsClosed() {
        var channel = connection();
        say(channel, REQUEST);
        say(channel, "GET /health HTTP/1.1\r\nX-Slow: ");
        for (int i = 0; i < RequestPatience.SECONDS; i++) {
            assertThat(channel.isOpen()).isTrue();
            say(channel, "x");
            waitFor(channel, 1);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void oneThatHasAskedAheadOfALongAnswerIsNotBlamedWhileItIsNotListenedTo() {
        var answered = new CountDownLatch(1);
        var routes =
                new HttpRouter()
                        .route(
                                "GET",
                                "/wait",
                                _ -> {
                                    answered.await();
                                    return HttpReply.text(200, "");
                                });
        var channel = connection(routes);
        try {
            say(channel, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n" + REQUEST);
            say(channel, "GET /health HTTP/1.1\r\nHost: ");
            assertThat(channel.config().isAutoRead()).isFalse();
            waitFor(channel, 10 * RequestPatience.SECONDS);
            assertThat(channel.isOpen()).isTrue();

            channel.config().setAutoRead(true);
            waitFor(channel, RequestPatience.SECONDS);
            assertThat(channel.isOpen()).isFalse();
        } finally {
            answered.countDown();
            var _ = channel.close();
        }
    }

    @Test
    void emptyLinesAfterARequestBeginNoOther() {
        var channel = connection();
        say(channel, REQUEST + "\r\n");
        waitFor(channel, 10 * RequestPatience.SECONDS);
        assertThat(channel.isOpen()).isTrue();
        say(channel, "\r\n" + REQUEST);
        waitFor(channel, 10 * RequestPatience.SECONDS);
        assertThat(channel.isOpen()).isTrue();
        var _ = channel.close();
    }

    @Test
    void oneThatSpeaksHttp2MayBeIdle() {
        var channel = connection();
        say(channel, PREFACE);
        waitFor(channel, 10 * RequestPatience.SECONDS);
        assertThat(channel.isOpen()).isTrue();
        var _ = channel.close();
    }
}
