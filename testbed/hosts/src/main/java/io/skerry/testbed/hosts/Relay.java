package io.skerry.testbed.hosts;

import io.skerry.base.log.Log;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries connections from loopback ports of the machine to hosts behind the playground's bridge,
 * byte by byte; TLS passes through untouched. Two virtual threads a connection.
 */
final class Relay implements AutoCloseable {
    private static final Log LOG = Log.of(Relay.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final int BUFFER_BYTES = 16 * 1024;

    private final SwitchSockets sockets;
    private final List<ServerSocketChannel> listeners = new ArrayList<>();

    Relay(SwitchSockets sockets) {
        this.sockets = sockets;
    }

    void listen(RelayRoute route) throws IOException {
        var listener = ServerSocketChannel.open();
        listeners.add(listener);
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        try {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), route.port()));
        } catch (IOException e) {
            throw new IOException("port " + route.port() + " on 127.0.0.1: " + e.getMessage(), e);
        }
        Thread.ofVirtual().name("relay-" + route.port()).start(() -> accept(listener, route));
    }

    private void accept(ServerSocketChannel listener, RelayRoute route) {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client, route));
            } catch (AsynchronousCloseException e) {
                return;
            } catch (IOException e) {
                LOG.warn("cannot accept a connection", "port", route.port(), e);
            }
        }
    }

    private void serve(SocketChannel client, RelayRoute route) {
        try (client;
                SocketChannel host = sockets.open()) {
            // If the host does not answer, the client must learn it at once: close means reset.
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            host.setOption(StandardSocketOptions.TCP_NODELAY, true);
            host.socket().connect(route.target(), (int) CONNECT_LIMIT.toMillis());
            client.setOption(StandardSocketOptions.SO_LINGER, -1);
            Thread back = Thread.ofVirtual().start(() -> copy(host, client));
            copy(client, host);
            back.join();
        } catch (IOException e) {
            LOG.debug("connection not carried", "to", route.target(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Copies until the end, which is passed on; an error ends both directions. */
    private static void copy(SocketChannel from, SocketChannel to) {
        var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            abort(from);
            abort(to);
        }
    }

    private static void abort(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("cannot close a connection", e);
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocketChannel listener : listeners) {
            listener.close();
        }
        sockets.close();
    }
}
