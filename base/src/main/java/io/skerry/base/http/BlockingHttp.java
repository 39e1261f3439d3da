package io.skerry.base.http;

import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 client for the command line: one connection per request, blocking, no event
 * loops, so that a command starts fast. Thread-safe.
 */
public final class BlockingHttp {
    /**
     * A response whose body is read as it comes. Close it.
     *
     * @param headers by lower-case name
     */
    public record Response(int status, Map<String, String> headers, InputStream body)
            implements AutoCloseable {
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        /** The rest of the body as text. */
        public String text() throws IOException {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /** An open connection to the server, TCP or not. */
    private record Connection(InputStream in, OutputStream out, AutoCloseable socket) {
        void close() {
            try {
                socket.close();
            } catch (Exception ignored) {
                // Nothing more can be done for a connection that does not even close.
            }
        }
    }

    private final ListenUrl server;
    private final @Nullable TlsFiles tls;
    private final Duration timeout;

    /**
     * A client of one server.
     *
     * @param tls for https: trusted authority and the client's certificate; null: the system's
     *     authorities and no certificate
     * @param timeout to connect, and between bytes of a response unless it is followed; a Unix
     *     socket has none
     */
    public BlockingHttp(ListenUrl server, @Nullable TlsFiles tls, Duration timeout) {
        this.server = server;
        this.tls = tls;
        this.timeout = timeout;
    }

    /**
     * Sends a request and returns when the response's head has come. The body has the timeout.
     *
     * @param target path and query, encoded
     * @throws IOException one line that names the server and what is wrong
     */
    public Response send(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        return exchange(method, target, headers, body, false);
    }

    /** As {@link #send}, for a body that may be silent for any time, e.g. a followed log. */
    public Response follow(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        return exchange(method, target, headers, body, true);
    }

    private Response exchange(
            String method, String target, Map<String, String> headers, byte[] body, boolean follow)
            throws IOException {
        if (!target.startsWith("/") || target.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IOException("\"" + target + "\" is not an encoded request path");
        }
        Connection connection;
        try {
            connection = connect();
        } catch (IOException e) {
            throw new IOException("cannot reach " + server + ": " + reason(e), e);
        }
        boolean handedOver = false;
        try {
            connection.out().write(head(method, target, headers, body.length));
            connection.out().write(body);
            connection.out().flush();
            var reader = new HttpResponseReader(connection.in(), connection::close);
            Response response = reader.read(method);
            if (follow && connection.socket() instanceof Socket socket) {
                socket.setSoTimeout(0);
            }
            handedOver = true;
            return response;
        } catch (IOException e) {
            throw new IOException("request to " + server + " failed: " + reason(e), e);
        } finally {
            if (!handedOver) {
                connection.close();
            }
        }
    }

    private byte[] head(String method, String target, Map<String, String> headers, int bodyLength) {
        var head = new StringBuilder(256);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ");
        head.append(server instanceof ListenUrl.Tcp tcp ? authority(tcp) : "localhost");
        head.append("\r\nConnection: close\r\n");
        if (bodyLength > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(bodyLength).append("\r\n");
        }
        headers.forEach((name, value) -> {
            if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("header " + name + " must be one line");
            }
            head.append(name).append(": ").append(value).append("\r\n");
        });
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String authority(ListenUrl.Tcp tcp) {
        String url = tcp.toString();
        return url.substring(url.indexOf("//") + 2);
    }

    private Connection connect() throws IOException {
        return switch (server) {
            case ListenUrl.Unix(Path path) -> {
                var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(path));
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
                yield new Connection(
                        Channels.newInputStream(channel),
                        Channels.newOutputStream(channel),
                        channel);
            }
            case ListenUrl.Tcp tcp -> {
                Socket socket = new Socket();
                try {
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
                    socket.connect(
                            new InetSocketAddress(tcp.host(), tcp.port()),
                            Math.toIntExact(timeout.toMillis()));
                    Socket used = tcp.tls() ? secure(socket, tcp) : socket;
                    yield new Connection(used.getInputStream(), used.getOutputStream(), used);
                } catch (IOException e) {
                    socket.close();
                    throw e;
                }
            }
        };
    }

    private SSLSocket secure(Socket plain, ListenUrl.Tcp tcp) throws IOException {
        SSLSocketFactory factory =
                tls == null
                        ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                        : TlsIdentity.load(tls).sslContext().getSocketFactory();
        var socket = (SSLSocket) factory.createSocket(plain, tcp.host(), tcp.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String reason(IOException e) {
        String text = String.valueOf(e.getMessage());
        return switch (e) {
            case ConnectException refused -> text.toLowerCase(Locale.ROOT);
            case UnknownHostException unknown -> "no such host: " + text;
            case SSLException broken -> "TLS: " + text;
            default -> text;
        };
    }
}
