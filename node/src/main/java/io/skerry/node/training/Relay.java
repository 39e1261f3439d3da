package io.skerry.node.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Brings connections out of the network namespace whose thread made it to an address in that of the
 * thread which starts it. Ends with the process.
 */
final class Relay {
    private static final int BACKLOG = 16;

    private final ServerSocket listener;

    private Relay(ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on loopback. */
    static Relay listen() throws IOException {
        return new Relay(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    }

    int port() {
        return listener.getLocalPort();
    }

    void start(InetSocketAddress target) {
        Thread.ofPlatform().daemon().name("relay").start(() -> accept(target));
    }

    private void accept(InetSocketAddress target) {
        try {
            while (true) {
                Socket from = listener.accept();
                Socket to = new Socket(target.getAddress(), target.getPort());
                copy(from, to);
                copy(to, from);
            }
        } catch (IOException e) {
            System.err.println("training: the relay ends: " + e.getMessage());
        }
    }

    private static void copy(Socket from, Socket to) {
        Thread.ofPlatform()
                .daemon()
                .name("relay-copy")
                .start(() -> {
                    try (from;
                            to) {
                        from.getInputStream().transferTo(to.getOutputStream());
                    } catch (IOException e) {
                        System.err.println("training: a connection ends: " + e.getMessage());
                    }
                });
    }
}
