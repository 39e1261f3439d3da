package io.skerry.base.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/**
 * A connected Unix socket as what TLS of the JDK can be spoken over, which knows only {@link
 * Socket}. It has no timeouts, and reports none.
 */
final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    UnixSocket(SocketChannel channel) {
        this.channel = channel;
        this.in = Channels.newInputStream(channel);
        this.out = Channels.newOutputStream(channel);
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int millis) {
        // Nothing here can wait for a limited time.
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void shutdownInput() throws IOException {
        var _ = channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        var _ = channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return "UnixSocket[" + channel + "]";
    }
}
