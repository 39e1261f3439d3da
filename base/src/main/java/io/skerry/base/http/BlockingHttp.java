package io.skerry.base.http;

import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 client for the command line: blocking, no event loops, so that a command starts
 * fast. It takes one connection per request, unless it was made by {@link #reusing}. Thread-safe.
 */
public final class BlockingHttp implements AutoCloseable {
    private static final int MAX_IDLE = 8;

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
    private record Connection(HttpResponseReader in, OutputStream out, AutoCloseable socket) {
        void close() {
            try {
                socket.close();
            } catch (Exception ignored) {
                // Nothing more can be done for a connection that does not even close.
            }
        }
    }

    /** Connections that wait for the next request; null: none is kept. Guarded by itself. */
    private final @Nullable Deque<Connection> idle;

    private final ListenUrl server;

    /** Where connections to the server begin; null: at itself. */
    private final @Nullable Path way;

    private final @Nullable TlsFiles tls;
    private final Duration connectTimeout;
    private final Duration timeout;

    /** What the TLS files said, when connections are kept, or what was given. */
    private volatile @Nullable SSLSocketFactory kept;

    /**
     * A client of one server.
     *
     * @param tls for https: trusted authority and the client's certificate; null: the system's
     *     authorities and no certificate
     * @param timeout to connect, and between bytes of a response unless it is followed; a Unix
     *     socket has none
     */
    public BlockingHttp(ListenUrl server, @Nullable TlsFiles tls, Duration timeout) {
        this(server, null, tls, timeout, timeout, null);
    }

    private BlockingHttp(
            ListenUrl server,
            @Nullable Path way,
            @Nullable TlsFiles tls,
            Duration connectTimeout,
            Duration timeout,
            @Nullable Deque<Connection> idle) {
        this.server = server;
        this.way = way;
        this.tls = tls;
        this.connectTimeout = connectTimeout;
        this.timeout = timeout;
        this.idle = idle;
    }

    /** A client whose https is what a context makes it. */
    public static BlockingHttp over(ListenUrl server, SSLContext context, Duration timeout) {
        var http = new BlockingHttp(server, null, null, timeout, timeout, null);
        http.kept = context.getSocketFactory();
        return http;
    }

    /**
     * A client that keeps connections for further requests, for a process that sends several and
     * then ends: a TLS handshake costs more than most requests. It reads its TLS files once. A
     * request whose kept connection has died meanwhile is sent again on a new one, so all requests
     * must be such that doing them twice does no harm. Close it.
     *
     * @param connectTimeout for a connection to be accepted
     * @param timeout between bytes of a response unless it is followed
     */
    public static BlockingHttp reusing(
            ListenUrl server, @Nullable TlsFiles tls, Duration connectTimeout, Duration timeout) {
        return new BlockingHttp(server, null, tls, connectTimeout, timeout, new ArrayDeque<>());
    }

    /** As the other one, with as much time to connect as for an answer. */
    public static BlockingHttp reusing(ListenUrl server, @Nullable TlsFiles tls, Duration timeout) {
        return reusing(server, tls, timeout, timeout);
    }

    /** As {@link #reusing}, with https as a context makes it. */
    public static BlockingHttp reusingOver(
            ListenUrl server, SSLContext context, Duration connectTimeout, Duration timeout) {
        var http =
                new BlockingHttp(server, null, null, connectTimeout, timeout, new ArrayDeque<>());
        http.kept = context.getSocketFactory();
        return http;
    }

    /**
     * The same client, whose connections begin at a Unix socket of this machine that leads to the
     * server. A certificate is still checked against the server's own name.
     */
    public BlockingHttp through(Path socket) {
        var http =
                new BlockingHttp(
                        server,
                        socket,
                        tls,
                        connectTimeout,
                        timeout,
                        idle == null ? null : new ArrayDeque<>());
        http.kept = kept;
        return http;
    }

    /** Closes the connections that are kept. */
    @Override
    public void close() {
        if (idle != null) {
            synchronized (idle) {
                idle.forEach(Connection::close);
                idle.clear();
            }
        }
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
        Connection waiting = idleConnection();
        if (waiting != null) {
            try {
                return exchange(waiting, method, target, headers, body, follow);
            } catch (IOException e) {
                // The server may have closed it while it was idle; a new one will tell.
            }
        }
        Connection connection;
        try {
            connection = connect();
        } catch (IOException e) {
            throw new IOException("cannot reach " + server + ": " + reason(e), e);
        }
        try {
            return exchange(connection, method, target, headers, body, follow);
        } catch (IOException e) {
            throw new IOException("request to " + server + " failed: " + reason(e), e);
        }
    }

    private Response exchange(
            Connection connection,
            String method,
            String target,
            Map<String, String> headers,
            byte[] body,
            boolean follow)
            throws IOException {
        boolean handedOver = false;
        try {
            connection.out().write(head(method, target, headers, body.length));
            connection.out().write(body);
            connection.out().flush();
            // A followed connection has lost its timeout and is not kept.
            Response response =
                    connection
                            .in()
                            .read(method, reusable -> finished(connection, reusable && !follow));
            if (follow && connection.socket() instanceof Socket socket) {
                socket.setSoTimeout(0);
            }
            handedOver = true;
            return response;
        } finally {
            if (!handedOver) {
                connection.close();
            }
        }
    }

    private @Nullable Connection idleConnection() {
        if (idle == null) {
            return null;
        }
        synchronized (idle) {
            return idle.pollLast();
        }
    }

    private void finished(Connection connection, boolean reusable) {
        if (idle != null && reusable) {
            synchronized (idle) {
                if (idle.size() < MAX_IDLE) {
                    idle.addLast(connection);
                    return;
                }
            }
        }
        connection.close();
    }

    private byte[] head(String method, String target, Map<String, String> headers, int bodyLength) {
        var head = new StringBuilder(256);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ");
        head.append(server instanceof ListenUrl.Tcp tcp ? authority(tcp) : "localhost");
        head.append(idle == null ? "\r\nConnection: close\r\n" : "\r\n");
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
        if (way != null) {
            SocketChannel channel = unix(way);
            try {
                return server instanceof ListenUrl.Tcp tcp && tcp.tls()
                        ? connection(secure(new UnixSocket(channel), tcp))
                        : connection(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
        return switch (server) {
            case ListenUrl.Unix(Path path) -> connection(unix(path));
            case ListenUrl.Tcp tcp -> {
                Socket socket = new Socket();
                try {
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
                    socket.connect(
                            new InetSocketAddress(tcp.host(), tcp.port()),
                            Math.toIntExact(connectTimeout.toMillis()));
                    yield connection(tcp.tls() ? secure(socket, tcp) : socket);
                } catch (IOException e) {
                    socket.close();
                    throw e;
                }
            }
        };
    }

    private static SocketChannel unix(Path path) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Connection connection(SocketChannel channel) {
        return new Connection(
                new HttpResponseReader(Channels.newInputStream(channel)),
                Channels.newOutputStream(channel),
                channel);
    }

    private static Connection connection(Socket socket) throws IOException {
        return new Connection(
                new HttpResponseReader(socket.getInputStream()), socket.getOutputStream(), socket);
    }

    private SSLSocket secure(Socket plain, ListenUrl.Tcp tcp) throws IOException {
        SSLSocketFactory factory = socketFactory();
        var socket = (SSLSocket) factory.createSocket(plain, tcp.host(), tcp.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private SSLSocketFactory socketFactory() throws IOException {
        SSLSocketFactory read = kept;
        if (read == null) {
            read =
                    tls == null
                            ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                            : TlsIdentity.load(tls).sslContext().getSocketFactory();
            kept = idle == null ? null : read;
        }
        return read;
    }

    private static String reason(IOException e) {
        String text = String.valueOf(e.getMessage());
        return switch (e) {
            case ConnectException refused -> text.toLowerCase(Locale.ROOT);
            case UnknownHostException unknown -> "no such host: " + text;
            case SSLException broken -> "TLS: " + text;
            case SocketTimeoutException late when late.getMessage() == null -> "no answer in time";
            default -> text;
        };
    }
}
