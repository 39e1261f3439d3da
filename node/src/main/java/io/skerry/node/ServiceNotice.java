package io.skerry.node;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.skerry.base.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the service manager how this program fares (sd_notify): one datagram to the Unix socket
 * that {@code NOTIFY_SOCKET} names. Without that variable nobody wants to know, and nothing is
 * sent. A message that cannot be sent is logged and changes nothing else.
 */
final class ServiceNotice {
    private static final Log LOG = Log.of(ServiceNotice.class);

    private final Optional<byte[]> socketPath;

    private ServiceNotice(Optional<byte[]> socketPath) {
        this.socketPath = socketPath;
    }

    /** For the socket that the environment names. */
    static ServiceNotice from(Map<String, String> environment) {
        return new ServiceNotice(
                Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                        .filter(path -> !path.isEmpty())
                        .map(path -> path.getBytes(StandardCharsets.UTF_8))
                        .map(ServiceNotice::address));
    }

    /** A leading @ stands for the NUL byte of an abstract address. */
    private static byte[] address(byte[] path) {
        if (path[0] == '@') {
            path[0] = 0;
        }
        return path;
    }

    /** The program serves. */
    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /** What it is doing, for {@code systemctl status}. */
    void status(String status) {
        send("STATUS=" + status);
    }

    /** It is on its way out. */
    void stopping() {
        send("STOPPING=1\nSTATUS=stopping");
    }

    private void send(String message) {
        if (socketPath.isEmpty()) {
            return;
        }
        try {
            Epoll.ensureAvailability(); // java.nio has no Unix datagrams; Netty's library does
            var socket = Socket.newSocketDomainDgram();
            try {
                var bytes = message.getBytes(StandardCharsets.UTF_8);
                var buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
                socket.sendToDomainSocket(buffer, 0, bytes.length, socketPath.get());
            } finally {
                socket.close();
            }
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.warn("cannot tell the service manager", "message", message, e);
        }
    }
}
