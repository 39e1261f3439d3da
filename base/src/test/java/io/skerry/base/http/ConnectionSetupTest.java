package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BytesValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.GrpcService;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a connection may be there without asking for anything wholly; in virtual time. */
class ConnectionSetupTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final byte[] A = {'a'};

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
                                new GrpcService(calls(), 1000),
                                new RunningCalls(),
                                1000,
                                ConnectionSetup.limits(10, Duration.ofHours(1)),
                                new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE)));
        return channel;
    }

    /** A call of which the whole request is needed, and a stream of requests. */
    private static GrpcRouter calls() {
        return new GrpcRouter()
                        .unary(
                                method("Once"),
                                (request, _) ->
                                        CompletableFuture.completedFuture(request.toByteString()))
                        .stream(method("Stream"), (_, _) -> new Deaf());
    }

    private static GrpcMethod<BytesValue, BytesValue> method(String name) {
        return new GrpcMethod<>("t.T", name, BytesValue.parser(), BytesValue.parser());
    }

    private static final class Deaf implements GrpcInbound<BytesValue> {
        @Override
        public void message(BytesValue message) {}

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }

    private static HttpRouter uploads() {
        return new HttpRouter()
                .route("POST", "/upload", call -> HttpReply.text(200, call.bodyText()));
    }

    private static void say(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static void frame(
            EmbeddedChannel channel, int type, int flags, int stream, byte[] payload) {
        channel.writeInbound(Unpooled.wrappedBuffer(RawHttp2.frame(type, flags, stream, payload)));
    }

    private static void open(EmbeddedChannel channel, int stream, String path) {
        frame(channel, RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.grpc(path));
    }

    /** All that the client was told since this was last asked. */
    private static String heard(EmbeddedChannel channel) {
        var text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return text.toString();
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
    void oneThatBeginsLateHasNoMoreTimeForIt() {
        var channel = connection();
        waitFor(channel, RequestPatience.SECONDS - 1);
        say(channel, "GET /health HTTP/1.1\r\n");
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
    void whatIsHalfSentAheadOfALongAnswerHasItsWholeTimeOnceItIsListenedTo() throws Exception {
        for (String half :
                List.of(
                        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
                        REQUEST + "GET /health HTTP/1.1\r\nHost: ")) {
            var answered = new CountDownLatch(1);
            var routes =
                    uploads()
                            .route(
                                    "GET",
                                    "/wait",
                                    _ -> {
                                        answered.await();
                                        return HttpReply.text(200, "");
                                    });
            var channel = connection(routes);
            say(channel, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n" + half);
            assertThat(channel.config().isAutoRead()).as(half).isFalse();
            waitFor(channel, RequestPatience.SECONDS - 1);
            answered.countDown();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!channel.config().isAutoRead()) {
                assertThat(System.nanoTime()).as(half).isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(1);
                channel.runPendingTasks();
            }

            waitFor(channel, RequestPatience.SECONDS - 1);
            assertThat(channel.isOpen()).as(half).isTrue();
            waitFor(channel, 1);
            channel.runPendingTasks();
            assertThat(channel.isOpen()).as(half).isFalse();
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

    @Test
    void aBodyOfWhichNothingMoreComesIsRefused() {
        for (String begun :
                List.of(
                        "Content-Length: 9\r\n\r\n",
                        "Content-Length: 9\r\n\r\nabc",
                        "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\nc")) {
            var channel = connection(uploads());
            say(channel, REQUEST);
            waitFor(channel, 1);
            say(channel, "POST /upload HTTP/1.1\r\nHost: a\r\n" + begun);
            heard(channel);
            waitFor(channel, RequestPatience.SECONDS - 1);
            assertThat(channel.isOpen()).as(begun).isTrue();
            waitFor(channel, 1);
            assertThat(heard(channel))
                    .startsWith("HTTP/1.1 408 ")
                    .containsIgnoringCase("connection: close");
            channel.runPendingTasks();
            assertThat(channel.isOpen()).as(begun).isFalse();
        }
    }

    @Test
    void aBodyThatIsOfNoUseIsNotWaitedForEither() {
        var channel = connection(uploads());
        say(channel, "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
        channel.runPendingTasks();
        assertThat(heard(channel)).startsWith("HTTP/1.1 404 ");
        waitFor(channel, RequestPatience.SECONDS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aBodyThatComesSlowlyIsTaken() {
        var channel = connection(uploads());
        say(channel, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n");
        for (int i = 0; i < 29; i++) {
            waitFor(channel, RequestPatience.SECONDS - 1);
            say(channel, "x");
        }
        assertThat(channel.isOpen()).isTrue();
        say(channel, "x");
        waitFor(channel, 10 * RequestPatience.SECONDS);
        assertThat(channel.isOpen()).isTrue();
        var _ = channel.close();
    }

    @Test
    void aCallOfWhichNothingMoreComesIsRefusedOnAConnectionThatGoesOn() {
        var channel = connection();
        say(channel, PREFACE);
        frame(channel, RawHttp2.SETTINGS, 0, 0, new byte[0]);
        open(channel, 1, "/t.T/Once");
        open(channel, 3, "/t.T/Once");
        open(channel, 5, "/t.T/Stream");
        frame(channel, RawHttp2.DATA, 0, 1, new byte[] {0, 0, 0, 0, 9, 'a'});
        heard(channel);
        for (int i = 0; i < 10; i++) {
            waitFor(channel, 30);
            frame(channel, RawHttp2.DATA, 0, 3, i == 0 ? new byte[] {0, 0, 0, 0, 99} : A);
        }

        // grpc-status 4 for the one that stalls alone; neither for the slow one nor the stream.
        assertThat(heard(channel)).containsOnlyOnce("grpc-status\0014");
        assertThat(channel.isOpen()).isTrue();
        var _ = channel.close();
    }

    @Test
    void anUploadOverHttp2OfWhichNothingMoreComesIsRefused() {
        var channel = connection(uploads());
        say(channel, PREFACE);
        frame(channel, RawHttp2.SETTINGS, 0, 0, new byte[0]);
        var head = new ByteArrayOutputStream();
        RawHttp2.field(":method", "POST", 0, head);
        RawHttp2.field(":scheme", "http", 0, head);
        RawHttp2.field(":path", "/upload", 0, head);
        frame(channel, RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, head.toByteArray());
        frame(channel, RawHttp2.DATA, 0, 1, A);
        assertThat(heard(channel)).doesNotContain("408");
        for (int i = 0; i < 6; i++) {
            waitFor(channel, 15);
        }
        assertThat(heard(channel)).contains("408");
        assertThat(channel.isOpen()).isTrue();
        var _ = channel.close();
    }
}
