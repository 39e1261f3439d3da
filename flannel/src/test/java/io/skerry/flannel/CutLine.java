package io.skerry.flannel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A way to a server on loopback that can be cut: then nothing comes through, and nobody is told. A
 * thread for each direction of a connection; platform threads, since what carries a virtual one may
 * be in another host's network.
 */
public final class CutLine implements AutoCloseable {
    private static final int CHUNK_BYTES = 8192;

    private final URI to;
    private final ServerSocket server;

    // Guarded by this.
    private final List<Socket> sockets = new ArrayList<>();
    private boolean cut;
    private boolean closed;

    public CutLine(URI to) throws IOException {
        this.to = to;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread.ofPlatform().daemon().start(work);
    }

    /** Where its beginning is. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    public synchronized void cut() {
        cut = true;
    }

    /** What was sent meanwhile arrives now. */
    public synchronized void mend() {
        cut = false;
        notifyAll();
    }

    private void accept() {
        try {
            while (true) {
                begin(server.accept());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void begin(Socket near) throws IOException {
        try {
            var far = new Socket(to.getHost(), to.getPort());
            keep(near, far);
            start(() -> carry(near, far));
            start(() -> carry(far, near));
        } catch (IOException e) {
            near.close(); // the server is not there yet, or not any more
        }
    }

    private synchronized void keep(Socket near, Socket far) throws IOException {
        sockets.add(near);
        sockets.add(far);
        if (closed) {
            close();
        }
    }

    private void carry(Socket from, Socket into) {
        var chunk = new byte[CHUNK_BYTES];
        try (from;
                into) {
            while (true) {
                int count = from.getInputStream().read(chunk);
                awaitWhole();
                if (count < 0) {
                    return;
                }
                into.getOutputStream().write(chunk, 0, count);
            }
        } catch (IOException e) {
            // The other direction has ended, or all did.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitWhole() throws InterruptedException {
        while (cut && !closed) {
            wait();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        notifyAll();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
