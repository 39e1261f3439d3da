package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceNoticeTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void tellsTheSocketOfTheEnvironment() throws Exception {
        Epoll.ensureAvailability();
        var path = directory.resolve("notify");
        var manager = Socket.newSocketDomainDgram();
        try {
            manager.bind(new DomainSocketAddress(path.toFile()));
            var notice = ServiceNotice.from(Map.of("NOTIFY_SOCKET", path.toString()));

            notice.ready("serving");
            notice.stopping();

            // A datagram lies in the receiver's queue as soon as it is sent.
            assertThat(received(manager)).isEqualTo("READY=1\nSTATUS=serving");
            assertThat(received(manager)).isEqualTo("STOPPING=1\nSTATUS=stopping");
        } finally {
            manager.close();
        }
    }

    @Test
    void saysNothingWhenNobodyWantsToKnow() {
        ServiceNotice.from(Map.of()).ready("serving");
    }

    @Test
    void goesOnWhenTheManagerIsGone() {
        ServiceNotice.from(Map.of("NOTIFY_SOCKET", directory.resolve("gone").toString()))
                .ready("serving");
    }

    private static String received(Socket socket) throws Exception {
        var buffer = ByteBuffer.allocateDirect(256);
        var from = socket.recvFromDomainSocket(buffer, 0, buffer.capacity());
        assertThat(from).isNotNull();
        var bytes = new byte[from.receivedAmount()];
        buffer.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
