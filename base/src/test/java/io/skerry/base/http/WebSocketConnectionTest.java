package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a WebSocket takes and how long it waits; in virtual time. */
class WebSocketConnectionTest {
    private static final int SECONDS = 10;
    private static final int TEXT = 1;
    private static final int PONG = 10;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final WebSocketConnection socket;

    WebSocketConnectionTest() {
        channel.freezeTime();
        socket = new WebSocketConnection(channel.eventLoop(), 100_000, Duration.ofSeconds(SECONDS));
        channel.pipeline().addLast(new HttpRequestDecoder(), new HttpResponseEncoder(), socket);
        var head =
                Map.of(
                        "connection", "upgrade",
                        "upgrade", "websocket",
                        "sec-websocket-version", "13",
                        "sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        socket.open(new WebSocketOpening(new HttpHead("GET", "/", head)).whole(), List.of());
        assertThat(said()).startsWith("HTTP/1.1 101 ");
    }

    /** All that the client was told since this was last asked. */
    private String said() {
        var text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return text.toString();
    }

    private void frame(int kind, int length) {
        ByteBuf frame = Unpooled.buffer().writeByte(0x80 | kind);
        if (length < 126) {
            frame.writeByte(0x80 | length);
        } else {
            frame.writeByte(0xff).writeLong(length);
        }
        channel.writeInbound(
                frame.writeInt(0).writeBytes("x".repeat(length).getBytes(StandardCharsets.UTF_8)));
    }

    private void waitFor(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
    }

    @Test
    void oneThatAnswersPingsMayBeSilent() {
        int pings = 0;
        for (int i = 0; i < 20; i++) {
            waitFor(SECONDS);
            if (said().equals("\u0089\0")) {
                frame(PONG, 0);
                pings++;
            }
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(pings).isPositive();
        var _ = channel.close();
    }

    @Test
    void oneThatSendsAFrameSlowlyIsNotPinged() {
        for (int i = 0; i < 20; i++) {
            channel.writeInbound(
                    Unpooled.wrappedBuffer(new byte[] {i == 0 ? (byte) 0x81 : (byte) 0xff}));
            waitFor(SECONDS);
            assertThat(said()).isEmpty();
            if (i == 1) {
                // A length of 8 bytes, and a mask: the shortest that is written so.
                channel.writeInbound(Unpooled.buffer().writeLong(70_000).writeInt(0));
            }
        }
        assertThat(channel.isOpen()).isTrue();
        var _ = channel.close();
    }

    @Test
    void oneThatAnswersNoneIsGivenUp() {
        waitFor(SECONDS);
        assertThat(channel.isOpen()).isTrue();
        waitFor(SECONDS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void isNotReadFromWhileItsMessagesAreNotTakenNorBlamedForIt() throws Exception {
        frame(TEXT, 1);
        assertThat(channel.config().isAutoRead()).isTrue();
        frame(TEXT, 90_000);
        assertThat(channel.config().isAutoRead()).isFalse();
        waitFor(10 * SECONDS);
        assertThat(channel.isOpen()).isTrue();

        assertThat(socket.receive()).isEqualTo("x");
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(socket.receive()).hasSize(90_000);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        var _ = channel.close();
        assertThat(socket.receive()).isNull();
    }
}
