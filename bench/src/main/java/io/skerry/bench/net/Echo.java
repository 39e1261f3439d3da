package io.skerry.bench.net;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/** Sends every datagram back that comes to a container: what a ping asks for, in our own hands. */
final class Echo implements AutoCloseable {
    private static final int PORT = 4007;
    private static final int POLL_MILLIS = 2;
    private static final int MOST_BYTES = 64;
    private static final long LIMIT_SECONDS = 60;

    private final DatagramSocket socket;

    Echo(OverlayHost host) throws Exception {
        var address = InetAddress.getByName(host.containerAddress());
        socket = host.container().thread().on(() -> new DatagramSocket(PORT, address));
        Thread.ofPlatform().daemon().name("bench-echo").start(this::run);
    }

    private void run() {
        var packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
        try {
            while (true) {
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException e) {
            // Closed; the one who waits for an answer tells of anything else.
        }
    }

    /** Sends from a container until the first answer has come. */
    static void await(OverlayHost from, OverlayHost to) throws Exception {
        var own = InetAddress.getByName(from.containerAddress());
        var peer = new InetSocketAddress(to.containerAddress(), PORT);
        boolean answered =
                from.container()
                        .thread()
                        .on(() -> {
                            try (var socket = new DatagramSocket(0, own)) {
                                socket.setSoTimeout(POLL_MILLIS);
                                long end =
                                        System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
                                while (System.nanoTime() < end) {
                                    socket.send(new DatagramPacket(new byte[1], 1, peer));
                                    try {
                                        socket.receive(new DatagramPacket(new byte[1], 1));
                                        return true;
                                    } catch (SocketTimeoutException e) {
                                        // Once more.
                                    }
                                }
                                return false;
                            }
                        });
        if (!answered) {
            throw new IOException("no answer from " + peer + " within " + LIMIT_SECONDS + " s");
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
