package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.net.Network;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener makes of frames that ordinary clients do not send. */
class Http2ServerTest {
    private static final byte[] NONE = new byte[0];
    private static final int REFUSED_STREAM = 7;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int PROTOCOL_ERROR = 1;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int LARGE = 300_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    private static Network network;

    private final BlockingQueue<CompletableFuture<ByteString>> held = new LinkedBlockingQueue<>();
    private HttpListener listener;

    @BeforeAll
    static void startNetwork() {
        network = Network.start(2);
    }

    @AfterAll
    static void stopNetwork() {
        network.close();
    }

    @BeforeEach
    void listen() throws IOException {
        var grpc =
                new GrpcRouter()
                        .unary(method("Echo"), (q, c) -> done(q.toByteString()))
                        .unary(method("Who"), Http2ServerTest::who)
                        .unary(
                                method("Large"),
                                (q, c) ->
                                        done(
                                                BytesValue.of(ByteString.copyFrom(new byte[LARGE]))
                                                        .toByteString()))
                        .unary(
                                method("Held"),
                                (q, c) -> {
                                    var answer = new CompletableFuture<ByteString>();
                                    held.add(answer);
                                    return answer;
                                });
        var http = new HttpRouter().route("GET", "/health", call -> HttpReply.text(200, "fine"));
        listener =
                HttpListener.start(
                        network,
                        new ListenUrl.Tcp("127.0.0.1", 0, false),
                        HttpListener.Options.of(null, http, grpc));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private static GrpcMethod<BytesValue, BytesValue> method(String name) {
        return new GrpcMethod<>("t.T", name, BytesValue.parser(), BytesValue.parser());
    }

    private static CompletionStage<ByteString> done(ByteString answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static CompletionStage<ByteString> who(BytesValue request, GrpcContext context) {
        return done(
                BytesValue.of(ByteString.copyFromUtf8(String.valueOf(context.metadata("user"))))
                        .toByteString());
    }

    private RawHttp2 client(byte[]... settings) throws IOException {
        var client = new RawHttp2(listener.port());
        var payload = new ByteArrayOutputStream();
        for (byte[] setting : settings) {
            payload.writeBytes(setting);
        }
        client.send(RawHttp2.SETTINGS, 0, 0, payload.toByteArray());
        return client;
    }

    private static void call(RawHttp2 client, int stream, String path, byte[] request)
            throws IOException {
        client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.grpc(path));
        client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, RawHttp2.message(request));
    }

    private static String text(RawHttp2.Frame frame) {
        return new String(frame.payload(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void anAnswerIsAHeadItsMessageAndAStatus() throws IOException {
        try (var client = client()) {
            byte[] request = BytesValue.of(ByteString.copyFromUtf8("hello")).toByteArray();
            for (int stream = 1; stream < 9; stream += 2) {
                call(client, stream, "/t.T/Echo", request);
                assertThat(text(client.await(RawHttp2.HEADERS))).contains("application/grpc");
                assertThat(client.read().payload()).isEqualTo(RawHttp2.message(request));
                var trailers = client.read();
                assertThat(trailers.ends()).isTrue();
                assertThat(trailers.stream()).isEqualTo(stream);
                assertThat(text(trailers)).contains("grpc-status").endsWith("0");
            }
        }
    }

    @Test
    void aLargeAnswerWaitsForTheStreamsWindowAndTheConnections() throws IOException {
        // Windows of 1000 bytes a stream, 65535 for the connection.
        try (var client = client(RawHttp2.setting(4, 1000))) {
            call(client, 1, "/t.T/Large", NONE);
            assertThat(client.await(RawHttp2.DATA).payload()).hasSize(1000);
            // Another call is not held up by the one that waits.
            call(client, 3, "/t.T/Echo", NONE);
            assertThat(client.await(RawHttp2.DATA).stream()).isEqualTo(3);
            client.send(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(1 << 20));
            int received = 1000;
            int sent = 1000 + 5;
            RawHttp2.Frame frame = client.read();
            while (!(frame.stream() == 1 && frame.ends())) {
                if (frame.type() == RawHttp2.DATA) {
                    received += frame.payload().length;
                    sent += frame.payload().length;
                }
                assertThat(sent).isLessThanOrEqualTo(65_535);
                if (sent == 65_535) {
                    client.send(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(65_535));
                    sent = 0;
                }
                frame = client.read();
            }
            assertThat(received).isGreaterThan(LARGE);
            assertThat(text(frame)).contains("grpc-status");
        }
    }

    @Test
    void rememberedHeadersAreForgottenWhenTheTableChanges() throws IOException {
        try (var client = client()) {
            // Puts "user: ada" into the table, where it is entry 62; then "user: bob" before it.
            var block = new ByteArrayOutputStream();
            RawHttp2.field("user", "ada", 0x40, block);
            var first = new ByteArrayOutputStream();
            first.writeBytes(RawHttp2.grpc("/t.T/Who"));
            first.writeBytes(block.toByteArray());
            assertThat(who(client, 1, first.toByteArray())).endsWith("ada");
            var indexed = new ByteArrayOutputStream();
            indexed.writeBytes(RawHttp2.grpc("/t.T/Who"));
            indexed.write(0x80 | 62);
            assertThat(who(client, 3, indexed.toByteArray())).endsWith("ada");
            assertThat(who(client, 5, indexed.toByteArray())).endsWith("ada");
            block.reset();
            RawHttp2.field("user", "bob", 0x40, block);
            var second = new ByteArrayOutputStream();
            second.writeBytes(RawHttp2.grpc("/t.T/Who"));
            second.writeBytes(block.toByteArray());
            assertThat(who(client, 7, second.toByteArray())).endsWith("bob");
            assertThat(who(client, 9, indexed.toByteArray())).endsWith("bob");
        }
    }

    private static String who(RawHttp2 client, int stream, byte[] block) throws IOException {
        client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, block);
        client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, RawHttp2.message(NONE));
        String answer = text(client.await(RawHttp2.DATA));
        assertThat(client.read().ends()).isTrue();
        return answer;
    }

    @Test
    void otherRequestsAreAnsweredOnTheSameConnection() throws IOException {
        try (var client = client()) {
            var block = new ByteArrayOutputStream();
            RawHttp2.field(":method", "GET", 0, block);
            RawHttp2.field(":scheme", "http", 0, block);
            RawHttp2.field(":path", "/health?x=1", 0, block);
            client.send(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                    1,
                    block.toByteArray());
            assertThat(text(client.await(RawHttp2.DATA))).isEqualTo("fine");
            call(client, 3, "/t.T/Echo", NONE);
            assertThat(client.await(RawHttp2.DATA).stream()).isIn(1, 3);
        }
    }

    @Test
    void anAuthorityMayBeAUrlAsEtcdctlSendsIt() throws IOException {
        try (var client = client()) {
            var block = new ByteArrayOutputStream();
            RawHttp2.field(":authority", "http://127.0.0.1:2379", 0, block);
            block.writeBytes(RawHttp2.grpc("/t.T/Echo"));
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, block.toByteArray());
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, RawHttp2.message(NONE));
            assertThat(client.await(RawHttp2.DATA).stream()).isEqualTo(1);
        }
    }

    /** Some clients do not look at an answer whose stream ends while they still send. */
    @Test
    void aRefusedRequestIsAnsweredWhenItsShortBodyHasCome() throws IOException {
        try (var client = client()) {
            var head = new ByteArrayOutputStream();
            RawHttp2.field(":method", "PUT", 0, head);
            RawHttp2.field(":scheme", "http", 0, head);
            RawHttp2.field(":path", "/health", 0, head);
            RawHttp2.field("content-length", "2", 0, head);
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, head.toByteArray());
            assertThat(streamsUntilPong(client)).doesNotContain(1);

            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[2]);
            assertThat(client.await(RawHttp2.HEADERS).stream()).isEqualTo(1);
            RawHttp2.Frame body = client.read();
            assertThat(text(body)).contains("method PUT is not allowed here");
            while (!body.ends()) {
                body = client.read();
                assertThat(body.type()).isEqualTo(RawHttp2.DATA);
            }
            assertThat(streamsUntilPong(client)).doesNotContain(1);
        }
    }

    /** It has seen all that was sent before, and what it says to that has come. */
    private static List<Integer> streamsUntilPong(RawHttp2 client) throws IOException {
        client.send(RawHttp2.PING, 0, 0, new byte[8]);
        var streams = new ArrayList<Integer>();
        RawHttp2.Frame frame = client.read();
        while (frame.type() != RawHttp2.PING) {
            streams.add(frame.stream());
            frame = client.read();
        }
        return streams;
    }

    @Test
    void aFloodOfResetsEndsTheConnection() throws IOException {
        try (var client = client()) {
            var flood = new ByteArrayOutputStream();
            for (int stream = 1; stream < 50_000; stream += 2) {
                flood.writeBytes(
                        RawHttp2.frame(
                                RawHttp2.HEADERS,
                                RawHttp2.END_HEADERS,
                                stream,
                                RawHttp2.grpc("/t.T/Held")));
                flood.writeBytes(
                        RawHttp2.frame(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(8)));
            }
            assertCalmed(client, flood.toByteArray());
        }
    }

    @Test
    void aFloodOfSettingsOrPingsEndsTheConnection() throws IOException {
        for (byte[] frame :
                new byte[][] {
                    RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, NONE),
                    RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8])
                }) {
            try (var client = client()) {
                var flood = new ByteArrayOutputStream();
                for (int i = 0; i < 25_000; i++) {
                    flood.writeBytes(frame);
                }
                assertCalmed(client, flood.toByteArray());
            }
        }
    }

    private static void assertCalmed(RawHttp2 client, byte[] flood) throws IOException {
        var writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                client.write(flood);
                            } catch (IOException cutOff) {
                                assertThat(cutOff).isNotNull();
                            }
                        });
        try {
            assertThat(client.await(RawHttp2.GOAWAY).number(4)).isEqualTo(ENHANCE_YOUR_CALM);
        } catch (IOException reset) {
            // The socket was closed with bytes unread: the reset may overtake the reason.
            assertThat(reset).hasMessageContaining("reset");
        } finally {
            client.close();
            join(writer);
        }
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(LONG)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void moreDataThanTheWindowEndsTheStream() throws IOException {
        try (var client = client()) {
            client.await(RawHttp2.SETTINGS);
            // A message that never ends: what is taken of it is given back, so this goes on...
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.grpc("/t.T/Echo"));
            client.send(RawHttp2.DATA, 0, 1, new byte[] {0, 0, 31, -1, -1});
            for (int i = 0; i < 40; i++) {
                client.send(RawHttp2.DATA, 0, 1, new byte[16_000]);
            }
            // ...and the window is told.
            RawHttp2.Frame update = client.await(RawHttp2.WINDOW_UPDATE);
            while (update.stream() != 1) {
                update = client.await(RawHttp2.WINDOW_UPDATE);
            }
            assertThat(update.number(0)).isGreaterThanOrEqualTo(1 << 19);
            client.send(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(Integer.MAX_VALUE));
            var reset = client.await(RawHttp2.RST_STREAM);
            assertThat(reset.number(0)).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void framesOfStreamsThatWereNeverOpenedEndTheConnection() throws IOException {
        for (byte[] frame :
                new byte[][] {
                    RawHttp2.frame(RawHttp2.DATA, 0, 5, new byte[10]),
                    RawHttp2.frame(RawHttp2.RST_STREAM, 0, 5, RawHttp2.number(8)),
                    RawHttp2.frame(
                            RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2, RawHttp2.grpc("/t.T/Echo"))
                }) {
            try (var client = client()) {
                client.write(frame);
                assertThat(client.await(RawHttp2.GOAWAY).number(4)).isEqualTo(PROTOCOL_ERROR);
                assertThat(client.atEnd()).isTrue();
            }
        }
    }

    @Test
    void whyAConnectionEndsIsReadByWhoSendsOnWithoutLookingForIt() throws IOException {
        try (var client = client()) {
            client.send(RawHttp2.DATA, 0, 0, NONE);
            client.write(new byte[8 << 20]);
            assertThat(client.await(RawHttp2.GOAWAY).number(4)).isEqualTo(PROTOCOL_ERROR);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void headersThatAreTooLargeAreRefusedAndTheConnectionGoesOn() throws IOException {
        try (var client = client()) {
            var block = new ByteArrayOutputStream();
            block.writeBytes(RawHttp2.grpc("/t.T/Echo"));
            for (int i = 0; i < 150; i++) {
                RawHttp2.field("x-" + i, "v".repeat(80), 0, block);
            }
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, block.toByteArray());
            assertThat(text(client.await(RawHttp2.HEADERS))).contains("431");
            call(client, 3, "/t.T/Echo", NONE);
            assertThat(client.await(RawHttp2.DATA).stream()).isEqualTo(3);
        }
    }

    @Test
    void aClosingListenerLetsCallsEndAndTakesNoNewOnes() throws Exception {
        try (var client = client()) {
            call(client, 1, "/t.T/Held", NONE);
            CompletableFuture<ByteString> answer = held.poll(60, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            var closing = Thread.ofVirtual().start(() -> listener.close(LONG));
            assertThat(client.await(RawHttp2.GOAWAY).number(0)).isEqualTo(Integer.MAX_VALUE);
            client.send(RawHttp2.PING, RawHttp2.ACK, 0, client.await(RawHttp2.PING).payload());
            assertThat(client.await(RawHttp2.GOAWAY).number(0)).isEqualTo(1);
            call(client, 3, "/t.T/Echo", NONE);
            assertThat(client.await(RawHttp2.RST_STREAM).number(0)).isEqualTo(REFUSED_STREAM);
            answer.complete(ByteString.EMPTY);
            assertThat(client.await(RawHttp2.DATA).stream()).isEqualTo(1);
            assertThat(client.read().ends()).isTrue();
            assertThat(client.atEnd()).isTrue();
            closing.join();
        }
    }

    @Test
    void aClosingListenerHearsOutWhoStillSendsWhenItsLastCallEnds() throws Exception {
        try (var client = client()) {
            call(client, 1, "/t.T/Held", NONE);
            CompletableFuture<ByteString> answer = held.poll(60, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            var closing = Thread.ofVirtual().start(() -> listener.close(LONG));
            client.send(RawHttp2.PING, RawHttp2.ACK, 0, client.await(RawHttp2.PING).payload());
            call(client, 3, "/t.T/Echo", NONE);
            assertThat(client.await(RawHttp2.RST_STREAM).stream()).isEqualTo(3);
            // As if the refused call's request were on its way all the time.
            var sending = new CountDownLatch(1);
            var writer = Thread.ofVirtual().start(() -> sendOn(client, sending));
            assertThat(sending.await(60, TimeUnit.SECONDS)).isTrue();
            answer.complete(ByteString.EMPTY);
            RawHttp2.Frame end = client.await(RawHttp2.HEADERS);
            while (!end.ends()) {
                end = client.await(RawHttp2.HEADERS);
            }
            assertThat(end.stream()).isEqualTo(1);
            // An end, no reset.
            assertThatThrownBy(() -> client.await(RawHttp2.HEADERS))
                    .isInstanceOf(EOFException.class);
            closing.join();
            join(writer);
        }
    }

    private static void sendOn(RawHttp2 client, CountDownLatch sending) {
        try {
            while (true) {
                client.send(RawHttp2.DATA, 0, 3, new byte[16_000]);
                sending.countDown();
            }
        } catch (IOException cutOff) {
            assertThat(cutOff).isNotNull();
        }
    }
}
