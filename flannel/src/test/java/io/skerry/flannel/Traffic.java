package io.skerry.flannel;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Packets between hosts of a test, and whether they arrive. */
public final class Traffic {
    /** For what is to arrive. */
    public static final int PATIENCE_MILLIS = 30_000;

    /** For what is not to arrive: whether it does not is told by the rules' counters, too. */
    public static final int IMPATIENCE_MILLIS = 300;

    private Traffic() {}

    /** A connection that came about, and its other end. */
    public record Connection(Socket client, Socket server) implements AutoCloseable {
        /** Whether what one end sends comes to the other within the time. */
        public boolean carries(int millis) throws IOException {
            client.getOutputStream().write(1);
            server.setSoTimeout(millis);
            try {
                return server.getInputStream().read() == 1;
            } catch (SocketTimeoutException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private static ServerSocket listen(TestHost at, String address, int port) throws Exception {
        return bound(
                at,
                () -> {
                    var server = new ServerSocket();
                    server.setReuseAddress(true);
                    server.bind(new InetSocketAddress(address, port), 4);
                    return server;
                });
    }

    /** A process that is being started may hold the last socket of that port for a moment. */
    private static <T> T bound(TestHost at, Callable<T> open) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (true) {
            try {
                return at.on(open);
            } catch (BindException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** Connects, which must succeed. */
    public static Connection connect(TestHost from, TestHost to, String address, int port)
            throws Exception {
        try (var server = listen(to, address, port)) {
            var client =
                    from.on(() -> {
                        var socket = new Socket();
                        socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
                        return socket;
                    });
            return new Connection(client, server.accept());
        }
    }

    /** Whether a connection comes about within the time. */
    public static boolean tcp(TestHost from, TestHost to, String address, int port, int millis)
            throws Exception {
        try (var server = listen(to, address, port)) {
            return from.on(() -> {
                try (var socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, port), millis);
                    return server.isBound();
                } catch (SocketTimeoutException e) {
                    return false;
                }
            });
        }
    }

    /** Whether a datagram arrives within the time. */
    public static boolean udp(TestHost from, TestHost to, String address, int port, int millis)
            throws Exception {
        try (var server = to.on(() -> new DatagramSocket(port, InetAddress.getByName(address)))) {
            server.setSoTimeout(millis);
            from.on(() -> {
                try (var socket = new DatagramSocket()) {
                    var target = new InetSocketAddress(address, port);
                    socket.send(new DatagramPacket(new byte[] {1}, 1, target));
                    return true;
                }
            });
            try {
                server.receive(new DatagramPacket(new byte[1], 1));
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            }
        }
    }
}
