package io.skerry.base.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final GrpcMethod<BytesValue, BytesValue> ECHO = method("Echo");
    private static final GrpcMethod<BytesValue, BytesValue> FAIL = method("Fail");
    private static final GrpcMethod<BytesValue, BytesValue> NEVER = method("Never");
    private static final GrpcMethod<BytesValue, BytesValue> CHAT = method("Chat");
    private static final GrpcMethod<BytesValue, BytesValue> FLOOD = method("Flood");
    private static final GrpcMethod<BytesValue, BytesValue> WHO = method("Who");
    private static final int FLOOD_MESSAGES = 3_000;

    /** Of different sizes, and more than windows and frames hold. */
    private static final List<String> ALIKE =
            IntStream.range(0, 500).mapToObj(i -> "m".repeat(i % 7) + i).toList();

    private static Network network;

    @TempDir Path directory;

    private final BlockingQueue<String> serverEvents = new LinkedBlockingQueue<>();

    @BeforeAll
    static void startNetwork() {
        network = Network.start(2);
    }

    @AfterAll
    static void stopNetwork() {
        network.close();
    }

    private static GrpcMethod<BytesValue, BytesValue> method(String name) {
        return new GrpcMethod<>("test.Service", name, BytesValue.parser(), BytesValue.parser());
    }

    private static BytesValue value(String text) {
        return BytesValue.of(ByteString.copyFromUtf8(text));
    }

    private GrpcRouter router() {
        return new GrpcRouter()
                        .unary(ECHO, (q, c) -> CompletableFuture.completedFuture(q.toByteString()))
                        .unary(
                                FAIL,
                                (q, c) ->
                                        CompletableFuture.failedFuture(
                                                new GrpcException(
                                                        GrpcCode.OUT_OF_RANGE,
                                                        "größer als erlaubt")))
                        .unary(NEVER, (q, c) -> new CompletableFuture<>())
                        .unary(
                                WHO,
                                (q, c) ->
                                        CompletableFuture.completedFuture(
                                                value(
                                                                c.peerCertificate() == null
                                                                        ? "nobody"
                                                                        : c.peerCertificate()
                                                                                .getSubjectX500Principal()
                                                                                .getName())
                                                        .toByteString()))
                        .stream(CHAT, (c, out) -> new Chat(out))
                        .stream(FLOOD, (c, out) -> new Flood(out));
    }

    /**
     * Echoes; "bye" makes the server end the stream, "oops" makes it fail, and "alike" makes it
     * send {@link #ALIKE}.
     */
    private final class Chat implements GrpcInbound<BytesValue> {
        private final GrpcOutbound out;

        Chat(GrpcOutbound out) {
            this.out = out;
        }

        @Override
        public void message(BytesValue message) {
            switch (message.getValue().toStringUtf8()) {
                case "bye" -> out.complete();
                case "oops" -> out.fail(new GrpcException(GrpcCode.ABORTED, "oops"));
                case "alike" ->
                        out.sendAlike(
                                unknownField(2, 3),
                                ALIKE.stream().map(text -> value(text).toByteString()).toList(),
                                unknownField(3, 10_000));
                default -> out.send(message.toByteString());
            }
        }

        @Override
        public void halfClosed() {
            serverEvents.add("halfClosed");
            out.complete();
        }

        @Override
        public void closed(@Nullable GrpcException reason) {
            serverEvents.add(reason == null ? "closed" : "cancelled");
        }
    }

    private static ByteString unknownField(int number, int bytes) {
        var content = ByteString.copyFrom(new byte[bytes]);
        return UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        UnknownFieldSet.Field.newBuilder().addLengthDelimited(content).build())
                .build()
                .toByteString();
    }

    /**
     * Sends many large messages as fast as the client reads them, never more than the mark ahead.
     */
    private static final class Flood implements GrpcInbound<BytesValue> {
        private final GrpcOutbound out;
        private final ByteString message =
                BytesValue.of(ByteString.copyFrom(new byte[10_000])).toByteString();
        private int sent;

        Flood(GrpcOutbound out) {
            this.out = out;
            out.onReady(this::more);
        }

        @Override
        public void message(BytesValue go) {
            more();
        }

        private synchronized void more() {
            while (sent < FLOOD_MESSAGES && out.ready()) {
                sent++;
                out.send(message);
                if (sent == FLOOD_MESSAGES) {
                    out.complete();
                }
            }
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }

    private static final class Collector implements GrpcInbound<BytesValue> {
        final List<ByteString> messages = new ArrayList<>();
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final CompletableFuture<String> status = new CompletableFuture<>();

        @Override
        public void message(BytesValue message) {
            messages.add(message.getValue());
            texts.add(message.getValue().toStringUtf8());
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {
            status.complete(reason == null ? "OK" : reason.code().name());
        }
    }

    private HttpListener listener(@Nullable TlsFiles tls) throws IOException {
        return HttpListener.start(
                network,
                new ListenUrl.Tcp("127.0.0.1", 0, tls != null),
                HttpListener.Options.of(tls, null, router()));
    }

    private static NetworkTransport transport(String... urls) throws IOException {
        List<URI> endpoints = new ArrayList<>();
        for (String url : urls) {
            endpoints.add(URI.create(url));
        }
        return new NetworkTransport(network, options(endpoints, null));
    }

    /** With time to connect also for a first handshake on a busy machine. */
    private static NetworkTransport.Options options(List<URI> endpoints, @Nullable TlsFiles tls) {
        return new NetworkTransport.Options(endpoints, tls, Map.of(), Integer.MAX_VALUE, LONG);
    }

    private static String url(HttpListener listener) {
        return "http://127.0.0.1:" + listener.port();
    }

    /** A port that is taken, so that nobody else gets it, and at which nobody listens. */
    private static Socket deadPort() throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    private static String url(Socket dead) {
        return "http://127.0.0.1:" + dead.getLocalPort();
    }

    private static GrpcException failure(CompletableFuture<?> future) throws Exception {
        try {
            future.get(90, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return GrpcException.from(e);
        }
        throw new AssertionError("the call succeeded");
    }

    @Test
    void unaryCallsOfAllSizesComeBack() throws Exception {
        try (var listener = listener(null);
                var transport = transport(url(listener))) {
            for (int size : new int[] {0, 1, 16_379, 16_380, 70_000, 2_000_000}) {
                var message = BytesValue.of(ByteString.copyFrom(new byte[size]));
                assertThat(transport.unary(ECHO, message, LONG).get()).isEqualTo(message);
            }
            var many = new ArrayList<CompletableFuture<BytesValue>>();
            for (int i = 0; i < 2_000; i++) {
                many.add(transport.unary(ECHO, value("m" + i), LONG));
            }
            for (int i = 0; i < many.size(); i++) {
                assertThat(many.get(i).get()).isEqualTo(value("m" + i));
            }
        }
    }

    @Test
    void messagesThatAreAlikeComeWholeAndInTheirPlaceAmongOthers() throws Exception {
        try (var listener = listener(null);
                var transport = transport(url(listener))) {
            var collector = new Collector();
            var out = transport.stream(CHAT, collector);
            var expected = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                out.send(value("before").toByteString());
                out.send(value("alike").toByteString());
                out.send(value("after").toByteString());
                expected.add("before");
                expected.addAll(ALIKE);
                expected.add("after");
            }
            out.complete();
            assertThat(collector.status.get(90, TimeUnit.SECONDS)).isEqualTo("OK");
            assertThat(collector.texts).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void failuresCarryCodeAndMessage() throws Exception {
        try (var listener = listener(null);
                var transport = transport(url(listener))) {
            GrpcException failed = failure(transport.unary(FAIL, value(""), LONG));
            assertThat(failed.code()).isEqualTo(GrpcCode.OUT_OF_RANGE);
            assertThat(failed).hasMessage("größer als erlaubt");
            assertThat(failure(transport.unary(method("Nope"), value(""), LONG)))
                    .hasMessage("unknown method Nope for service test.Service")
                    .extracting(GrpcException::code)
                    .isEqualTo(GrpcCode.UNIMPLEMENTED);
            var large = BytesValue.of(ByteString.copyFrom(new byte[3 << 20]));
            assertThat(failure(transport.unary(ECHO, large, LONG)).code())
                    .isEqualTo(GrpcCode.RESOURCE_EXHAUSTED);
            assertThat(failure(transport.unary(NEVER, value(""), Duration.ofMillis(50))).code())
                    .isEqualTo(GrpcCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void streamsEndFromEitherSide() throws Exception {
        try (var listener = listener(null);
                var transport = transport(url(listener))) {
            chat(transport);
        }
        chat(new InProcessTransport(router()));
    }

    private void chat(GrpcTransport transport) throws Exception {
        var ended = new Collector();
        GrpcOutbound out = transport.stream(CHAT, ended);
        out.send(value("one").toByteString());
        assertThat(ended.texts.poll(60, TimeUnit.SECONDS)).isEqualTo("one");
        out.send(value("two").toByteString());
        out.complete();
        assertThat(ended.status.get(60, TimeUnit.SECONDS)).isEqualTo("OK");
        assertThat(ended.messages).hasSize(2);
        assertThat(serverEvents.poll(60, TimeUnit.SECONDS)).isEqualTo("halfClosed");
        assertThat(serverEvents.poll(60, TimeUnit.SECONDS)).isEqualTo("closed");

        var failed = new Collector();
        transport.stream(CHAT, failed).send(value("oops").toByteString());
        assertThat(failed.status.get(60, TimeUnit.SECONDS)).isEqualTo("ABORTED");
        assertThat(serverEvents.poll(60, TimeUnit.SECONDS)).isEqualTo("closed");

        var cancelled = new Collector();
        GrpcOutbound open = transport.stream(CHAT, cancelled);
        open.send(value("x").toByteString());
        assertThat(cancelled.texts.poll(60, TimeUnit.SECONDS)).isEqualTo("x");
        open.fail(new GrpcException(GrpcCode.CANCELLED, "enough"));
        assertThat(cancelled.status.get(60, TimeUnit.SECONDS)).isEqualTo("CANCELLED");
        assertThat(serverEvents.poll(60, TimeUnit.SECONDS)).isEqualTo("cancelled");
    }

    @Test
    void aServerThatWaitsForReadyStallsWithoutLosingAnything() throws Exception {
        try (var listener = listener(null);
                var transport = transport(url(listener))) {
            var collector = new Collector();
            transport.stream(FLOOD, collector).send(value("go").toByteString());
            assertThat(collector.status.get(60, TimeUnit.SECONDS)).isEqualTo("OK");
            assertThat(collector.messages).hasSize(FLOOD_MESSAGES);
        }
        var collector = new Collector();
        new InProcessTransport(router()).stream(FLOOD, collector).send(value("go").toByteString());
        assertThat(collector.status.get(60, TimeUnit.SECONDS)).isEqualTo("OK");
        assertThat(collector.messages).hasSize(FLOOD_MESSAGES);
    }

    @Test
    void theServerLearnsThatAClientVanished() throws Exception {
        try (var listener = listener(null)) {
            var transport = transport(url(listener));
            var collector = new Collector();
            transport.stream(CHAT, collector).send(value("x").toByteString());
            assertThat(collector.texts.poll(60, TimeUnit.SECONDS)).isEqualTo("x");
            transport.close();
            assertThat(serverEvents.poll(60, TimeUnit.SECONDS)).isEqualTo("cancelled");
            assertThat(collector.status.get(60, TimeUnit.SECONDS)).isNotEqualTo("OK");
        }
    }

    @Test
    void aClosingServerEndsItsStreams() throws Exception {
        var listener = listener(null);
        try (var transport = transport(url(listener))) {
            var collector = new Collector();
            transport.stream(CHAT, collector).send(value("x").toByteString());
            assertThat(collector.texts.poll(60, TimeUnit.SECONDS)).isEqualTo("x");
            listener.close();
            assertThat(collector.status.get(60, TimeUnit.SECONDS)).isEqualTo("UNAVAILABLE");
        }
    }

    @Test
    void goesToTheNextEndpointWhenOneIsDeadAndComesBack() throws Exception {
        var first = listener(null);
        try (var dead = deadPort();
                var second = listener(null);
                var transport = transport(url(dead), url(first), url(second))) {
            assertThat(transport.unary(ECHO, value("a"), LONG).get()).isEqualTo(value("a"));
            first.close();
            // A call may have been under way on the closing connection: it alone may fail.
            int failures = 0;
            for (int i = 0; i < 5; i++) {
                try {
                    transport.unary(ECHO, value("b"), LONG).get();
                } catch (ExecutionException e) {
                    failures++;
                }
            }
            assertThat(failures).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void saysThatNothingWasSentWhenNoEndpointAnswers() throws Exception {
        try (var dead = deadPort();
                var transport = transport(url(dead))) {
            GrpcException failed = failure(transport.unary(ECHO, value("a"), LONG));
            assertThat(failed.code()).isEqualTo(GrpcCode.UNAVAILABLE);
            assertThat(failed.neverSent()).isTrue();
            assertThat(failed).hasMessageContaining("127.0.0.1:" + dead.getLocalPort());
        }
    }

    @Test
    void callersAreKnownByTheirCertificates() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var server =
                authority
                        .issue(CertificateUse.SERVER, "server", List.of())
                        .writeTo(directory.resolve("server"), "server");
        var ada =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("client"), "client");
        try (var listener = listener(server)) {
            var endpoint = List.of(URI.create("https://localhost:" + listener.port()));
            try (var transport = new NetworkTransport(network, options(endpoint, ada))) {
                assertThat(transport.unary(WHO, value(""), LONG).get()).isEqualTo(value("CN=ada"));
            }
            try (var elsewhere =
                            HttpListener.start(
                                    network,
                                    new ListenUrl.Tcp("127.0.0.2", 0, true),
                                    HttpListener.Options.of(server, null, router()));
                    var transport =
                            new NetworkTransport(
                                    network,
                                    options(
                                            List.of(
                                                    URI.create(
                                                            "https://127.0.0.2:"
                                                                    + elsewhere.port())),
                                            ada))) {
                // The certificate does not name that address.
                assertThat(failure(transport.unary(WHO, value(""), LONG)).neverSent()).isTrue();
            }
            var stranger =
                    CertificateAuthority.create(directory.resolve("other"), "theirs")
                            .issue(CertificateUse.CLIENT, "ada", List.of())
                            .writeTo(directory.resolve("stranger"), "client");
            var posing =
                    new TlsFiles(stranger.certificate(), stranger.key(), server.trustedCa(), false);
            try (var transport = new NetworkTransport(network, options(endpoint, posing))) {
                assertThat(failure(transport.unary(WHO, value(""), LONG)).code())
                        .isEqualTo(GrpcCode.UNAVAILABLE);
            }
        }
    }

    @Test
    void garbageOnThePortHarmsNobody() throws Exception {
        try (var listener = listener(null);
                var transport = transport(url(listener))) {
            var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (byte[] start : List.of(new byte[0], preface)) {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
                    socket.setSoTimeout(60_000);
                    socket.getOutputStream().write(start);
                    socket.getOutputStream().write(new byte[] {0, 0, 9, 77, 77, 1, 2, 3});
                    socket.getOutputStream()
                            .write("\r\n\r\n".repeat(10).getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException reset) {
                    assertThat(reset).hasMessageContaining("reset");
                }
            }
            assertThat(transport.unary(ECHO, value("a"), LONG).get()).isEqualTo(value("a"));
        }
    }
}
