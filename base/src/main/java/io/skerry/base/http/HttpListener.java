package io.skerry.base.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.GrpcService;
import io.skerry.base.net.Network;
import io.skerry.base.net.PassedSocket;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1, HTTP/2 and gRPC on one address: over TLS with ALPN, or in clear text where
 * HTTP/2 is spoken with prior knowledge. Certificates are read again when their files change.
 */
public final class HttpListener implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration CUT_OFF = Duration.ofSeconds(3);
    private static final int BACKLOG = 1024;

    /** Between these, a client counts as one that does not keep up. */
    private static final WriteBufferWaterMark UNSENT_BYTES =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    /**
     * What a listener serves.
     *
     * @param tls needed for https, refused for others
     * @param maxBodyBytes larger HTTP bodies get 413
     * @param maxGrpcMessageBytes larger gRPC messages get RESOURCE_EXHAUSTED
     * @param http null: every HTTP request that is not gRPC gets 404
     * @param grpc null: gRPC requests get UNIMPLEMENTED
     * @param maxStreams calls at once on one HTTP/2 connection; more are refused
     * @param probeInterval how often a silent HTTP/2 client is asked for a sign of life; its
     *     connection ends when the next is due and none has come
     */
    public record Options(
            @Nullable TlsFiles tls,
            int maxBodyBytes,
            int maxGrpcMessageBytes,
            @Nullable HttpRouter http,
            @Nullable GrpcRouter grpc,
            int maxStreams,
            Duration probeInterval) {
        /** Calls at once on one connection where nothing else is said. */
        public static final int DEFAULT_MAX_STREAMS = 100_000;

        /** How often a silent client is asked where nothing else is said. */
        public static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(10);

        public Options(
                @Nullable TlsFiles tls,
                int maxBodyBytes,
                int maxGrpcMessageBytes,
                @Nullable HttpRouter http,
                @Nullable GrpcRouter grpc) {
            this(
                    tls,
                    maxBodyBytes,
                    maxGrpcMessageBytes,
                    http,
                    grpc,
                    DEFAULT_MAX_STREAMS,
                    DEFAULT_PROBE_INTERVAL);
        }

        public static Options of(@Nullable TlsFiles tls, HttpRouter http) {
            return new Options(tls, 1 << 20, 2 << 20, http, null);
        }

        public static Options of(
                @Nullable TlsFiles tls, @Nullable HttpRouter http, GrpcRouter grpc) {
            return new Options(tls, 1 << 20, 2 << 20, http, grpc);
        }
    }

    /** The socket file to remove in the end; null when there is none, or it is not ours. */
    private final @Nullable Path socketFile;

    private final RunningCalls calls;
    private final GrpcService grpc;
    private final ConnectionSetup setup;
    private final ChannelGroup connections;
    private final Channel server;

    private HttpListener(
            @Nullable Path socketFile,
            RunningCalls calls,
            GrpcService grpc,
            ConnectionSetup setup,
            ChannelGroup connections,
            Channel server) {
        this.socketFile = socketFile;
        this.calls = calls;
        this.grpc = grpc;
        this.setup = setup;
        this.connections = connections;
        this.server = server;
    }

    /**
     * Starts to listen; returns when connections are accepted.
     *
     * @throws IOException names the address and what is wrong: in use, not permitted, bad
     *     certificate
     */
    public static HttpListener start(Network network, ListenUrl url, Options options)
            throws IOException {
        ServerTls tls = tls(url, options.tls());
        Path socketFile = url instanceof ListenUrl.Unix(Path path) ? path : null;
        if (socketFile != null) {
            removeStale(socketFile);
        }
        SocketAddress address =
                switch (url) {
                    case ListenUrl.Tcp(String host, int port, boolean _) ->
                            new InetSocketAddress(host, port);
                    case ListenUrl.Unix(Path path) -> network.unixAddress(path.toAbsolutePath());
                };
        var listener =
                open(
                        network.server(socketFile != null),
                        socketFile == null,
                        socketFile,
                        tls,
                        options,
                        bootstrap -> bootstrap.bind(address),
                        url.toString());
        if (socketFile != null) {
            Files.setPosixFilePermissions(socketFile, PosixFilePermissions.fromString("rw-rw----"));
        }
        return listener;
    }

    /**
     * Serves at a socket that the service manager opened, which goes on to be there when this
     * listener is closed.
     *
     * @throws IOException when the socket or the certificate cannot be used
     */
    public static HttpListener adopt(Network network, PassedSocket socket, Options options)
            throws IOException {
        TlsFiles files = options.tls();
        return open(
                network.server(socket),
                !socket.unix(),
                null,
                files == null ? null : ServerTls.load(files),
                options,
                ServerBootstrap::register,
                "passed socket " + socket.descriptor());
    }

    private static HttpListener open(
            ServerBootstrap bootstrap,
            boolean tcp,
            @Nullable Path socketFile,
            @Nullable ServerTls tls,
            Options options,
            Function<ServerBootstrap, ChannelFuture> opening,
            String where)
            throws IOException {
        var calls = new RunningCalls();
        var router = options.http() == null ? new HttpRouter() : options.http();
        var grpc = new GrpcService(options.grpc(), options.maxGrpcMessageBytes());
        var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        var setup =
                new ConnectionSetup(
                        tls,
                        router,
                        grpc,
                        calls,
                        options.maxBodyBytes(),
                        ConnectionSetup.limits(options.maxStreams(), options.probeInterval()),
                        connections);
        bootstrap
                .childHandler(setup)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_BYTES)
                .option(ChannelOption.SO_BACKLOG, BACKLOG);
        if (tcp) {
            bootstrap
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        var opened = opening.apply(bootstrap).awaitUninterruptibly();
        if (!opened.isSuccess()) {
            throw cannotListen(where, opened.cause());
        }
        return new HttpListener(socketFile, calls, grpc, setup, connections, opened.channel());
    }

    private static @Nullable ServerTls tls(ListenUrl url, @Nullable TlsFiles files)
            throws IOException {
        boolean tls = url instanceof ListenUrl.Tcp tcp && tcp.tls();
        if (tls != (files != null)) {
            throw new IOException(
                    tls
                            ? "cannot listen at " + url + ": https needs a certificate and a key"
                            : "cannot listen at "
                                    + url
                                    + ": a certificate is given, but only https:// serves TLS");
        }
        return files == null ? null : ServerTls.load(files);
    }

    /** Removes a socket file that nobody listens at, as a killed process leaves it behind. */
    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobody) {
            Files.delete(path);
            return;
        }
        throw new IOException("cannot listen at unix://" + path + ": another process does already");
    }

    private static IOException cannotListen(String where, Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        String why =
                text.contains("Address already in use")
                        ? "the address is in use by another process; stop that or choose"
                                + " another"
                        : text.contains("Cannot assign")
                                ? "this machine does not have that address"
                                : cause instanceof UnresolvedAddressException
                                        ? "its host name is not known"
                                        : text;
        return new IOException("cannot listen at " + where + ": " + why, cause);
    }

    /**
     * From now on requests get these routes instead, also those on connections that are there.
     * Streams that are being sent go on.
     */
    public void serve(HttpRouter routes) {
        setup.serve(routes);
    }

    /** The TCP port, also when 0 was asked for; -1 on a Unix socket. */
    public int port() {
        return server.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    /**
     * Accepts no more, ends gRPC streams with UNAVAILABLE, lets running requests end within two
     * seconds, then cuts the rest.
     */
    @Override
    public void close() {
        close(DRAIN);
    }

    /**
     * As the other one.
     *
     * @param drain how long running requests may take to end
     */
    void close(Duration drain) {
        await(server.close(), CUT_OFF);
        calls.interruptStreams();
        grpc.closeStreams();
        setup.shutdown();
        await(connections.newCloseFuture(), drain);
        calls.interruptAll();
        await(connections.close(), CUT_OFF);
        if (socketFile != null) {
            socketFile.toFile().delete();
        }
    }

    /** Waits for an end in bounded time; what is late is cut off by the network's own close. */
    private static void await(Future<?> end, Duration most) {
        var _ = end.awaitUninterruptibly(most.toMillis(), TimeUnit.MILLISECONDS);
    }
}
