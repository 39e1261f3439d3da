package io.skerry.etcd.server.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One connection that misbehaves. */
final class Attacker implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int HELD_BACK_MILLIS = 5_000;

    private final Socket socket;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Attacker(Socket socket, boolean reading) {
        this.socket = socket;
        if (reading) {
            Thread.ofVirtual().start(this::readAll);
        }
    }

    private void readAll() {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = socket.getInputStream();
            while (in.read(buffer) >= 0) {}
        } catch (IOException e) {
            // Reset, which is closed, too.
        }
        ended.complete(null);
    }

    /** Connects to a port of the loopback address; what comes is read as it comes. */
    static Attacker connect(int port) throws IOException {
        return new Attacker(open(port), true);
    }

    /** As the other one, but nothing is ever read. */
    static Attacker connectDeaf(int port) throws IOException {
        return new Attacker(open(port), false);
    }

    private static Socket open(int port) throws IOException {
        var socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return socket;
    }

    /**
     * Sends until all is sent, the other side closes, or it takes no more; each is a right answer.
     */
    void send(byte[] bytes) throws InterruptedException {
        var sent = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        socket.getOutputStream().write(bytes);
                    } catch (IOException e) {
                        // Closed: what it deserves.
                    }
                    sent.complete(null);
                });
        try {
            sent.get(HELD_BACK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The other side holds back; that what it holds has a bound is for others to check.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says that no more comes, and expects the other side to close in bounded time. */
    void requireClosed(String what) throws IOException, InterruptedException {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // It was closed before.
        }
        try {
            ended.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the connection stays open after " + what, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
