package io.skerry.base.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.skerry.base.net.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a caller learns when the connection breaks during its call: may it be made again? */
class LostConnectionTest {
    private static final GrpcMethod<BytesValue, BytesValue> PUT =
            new GrpcMethod<>("test.Service", "Put", BytesValue.parser(), BytesValue.parser());
    private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static final Duration LONG = Duration.ofSeconds(60);

    /** More than HTTP/2 lets a client send before the server allows it. */
    private static final int MORE_THAN_A_WINDOW = 1 << 20;

    @Test
    void aRequestThatWasCutOffMayBeRepeated() throws Exception {
        var large = ByteString.copyFrom(new byte[MORE_THAN_A_WINDOW]);
        GrpcException lost = lost(large, got -> got.length() > 32_768);
        assertThat(lost.code()).isEqualTo(GrpcCode.UNAVAILABLE);
        assertThat(lost.neverSent()).isTrue();
        assertThat(lost.getMessage()).startsWith("connection lost: ").doesNotContain("null");
    }

    @Test
    void aRequestThatTheServerHasWhollyMayHaveBeenCarriedOut() throws Exception {
        GrpcException lost =
                lost(ByteString.copyFromUtf8("all of it"), got -> got.contains("all of it"));
        assertThat(lost.code()).isEqualTo(GrpcCode.UNAVAILABLE);
        assertThat(lost.neverSent()).isFalse();
    }

    /** Makes a call to a server that hangs up once it got what {@code enough} waits for. */
    private static GrpcException lost(ByteString request, Predicate<String> enough)
            throws Exception {
        try (var network = Network.start(1);
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var transport =
                        new NetworkTransport(
                                network,
                                new NetworkTransport.Options(
                                        List.of(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + server.getLocalPort())),
                                        null,
                                        Map.of(),
                                        Integer.MAX_VALUE,
                                        LONG))) {
            var hungUp = CompletableFuture.runAsync(() -> serveOnce(server, enough));
            var call = transport.unary(PUT, BytesValue.of(request), LONG);
            hungUp.get(60, TimeUnit.SECONDS);
            try {
                call.get();
                throw new AssertionError("the call went well");
            } catch (ExecutionException e) {
                return GrpcException.from(e);
            }
        }
    }

    private static void serveOnce(ServerSocket server, Predicate<String> enough) {
        try (var socket = server.accept()) {
            socket.getOutputStream().write(EMPTY_SETTINGS);
            var got = new ByteArrayOutputStream();
            byte[] chunk = new byte[4096];
            while (!enough.test(got.toString(ISO_8859_1))) {
                int length = socket.getInputStream().read(chunk);
                if (length < 0) {
                    throw new IOException("the client hung up after " + got.size() + " bytes");
                }
                got.write(chunk, 0, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
