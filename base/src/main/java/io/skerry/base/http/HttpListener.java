package io.skerry.base.http;

import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.GrpcService;
import io.skerry.base.net.AuthorityRepair;
import io.skerry.base.net.ConnectionProbe;
import io.skerry.base.net.FlushBatching;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1, HTTP/2 and gRPC on one address: over TLS with ALPN, or in clear text where
 * HTTP/2 is spoken with prior knowledge. Certificates are read again when their files change.
 */
public final class HttpListener implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(10);
    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 4 << 20;
    private static final int MAX_STREAMS = 100_000;

    /** Resets a client may send in ten seconds: one for each call it cancels. */
    private static final int MAX_RESETS = 20_000;

    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int BACKLOG = 1024;

    /**
     * Names under which the loops of one listener share a free port; Vert.x wants them negative.
     */
    private static final AtomicInteger RANDOM_PORTS = new AtomicInteger();

    /**
     * What a listener serves.
     *
     * @param tls needed for https, refused for others
     * @param maxBodyBytes larger HTTP bodies get 413
     * @param maxGrpcMessageBytes larger gRPC messages get RESOURCE_EXHAUSTED
     * @param http null: every HTTP request that is not gRPC gets 404
     * @param grpc null: gRPC requests get UNIMPLEMENTED
     */
    public record Options(
            @Nullable TlsFiles tls,
            int maxBodyBytes,
            int maxGrpcMessageBytes,
            @Nullable HttpRouter http,
            @Nullable GrpcRouter grpc) {

        public static Options of(@Nullable TlsFiles tls, HttpRouter http) {
            return new Options(tls, 1 << 20, 2 << 20, http, null);
        }

        public static Options of(
                @Nullable TlsFiles tls, @Nullable HttpRouter http, GrpcRouter grpc) {
            return new Options(tls, 1 << 20, 2 << 20, http, grpc);
        }
    }

    private final Vertx vertx;
    private final ListenUrl url;
    private final RunningCalls calls;
    private final GrpcService grpc;
    private final Queue<HttpServer> servers;
    private final String deployment;
    private final int port;

    private HttpListener(
            Vertx vertx,
            ListenUrl url,
            RunningCalls calls,
            GrpcService grpc,
            Queue<HttpServer> servers,
            String deployment,
            int port) {
        this.vertx = vertx;
        this.url = url;
        this.calls = calls;
        this.grpc = grpc;
        this.servers = servers;
        this.deployment = deployment;
        this.port = port;
    }

    /**
     * Starts to listen; returns when connections are accepted.
     *
     * @throws IOException names the address and what is wrong: in use, not permitted, bad
     *     certificate
     */
    public static HttpListener start(Network network, ListenUrl url, Options options)
            throws IOException {
        HttpServerOptions server = serverOptions(url, options);
        if (url instanceof ListenUrl.Unix(Path path)) {
            removeStale(path);
        }
        var calls = new RunningCalls();
        var router = options.http() == null ? new HttpRouter() : options.http();
        var grpc = new GrpcService(options.grpc(), options.maxGrpcMessageBytes());
        var servers = new ConcurrentLinkedQueue<HttpServer>();
        // Only TCP ports can be shared between loops.
        int loops = url instanceof ListenUrl.Tcp ? network.eventLoops() : 1;
        SocketAddress address =
                switch (url) {
                    case ListenUrl.Tcp(String host, int port, boolean _) when port == 0 ->
                            SocketAddress.sharedRandomPort(RANDOM_PORTS.incrementAndGet(), host);
                    case ListenUrl.Tcp(String host, int port, boolean _) ->
                            SocketAddress.inetSocketAddress(port, host);
                    case ListenUrl.Unix(Path path) ->
                            SocketAddress.domainSocketAddress(path.toAbsolutePath().toString());
                };
        try {
            Handler<HttpServerRequest> dispatch =
                    request -> dispatch(request, router, grpc, calls, options.maxBodyBytes());
            String deployment =
                    network.vertx()
                            .deployVerticle(
                                    () -> new OneLoop(address, server, dispatch, servers),
                                    new DeploymentOptions().setInstances(loops))
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join();
            if (url instanceof ListenUrl.Unix(Path path)) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
            }
            int port = url instanceof ListenUrl.Tcp ? servers.element().actualPort() : -1;
            return new HttpListener(network.vertx(), url, calls, grpc, servers, deployment, port);
        } catch (CompletionException e) {
            throw cannotListen(url, e);
        }
    }

    /** Waits for an end in bounded time; what is late is cut off by the network's own close. */
    private static void await(Future<?> end) {
        var _ =
                end.toCompletionStage()
                        .<@Nullable Object>handle((done, failed) -> null)
                        .toCompletableFuture()
                        .completeOnTimeout(null, DRAIN.toMillis() + 3_000, TimeUnit.MILLISECONDS)
                        .join();
    }

    /** The listener's part on one event loop. */
    private static final class OneLoop extends VerticleBase {
        private final SocketAddress address;
        private final HttpServerOptions options;
        private final Handler<HttpServerRequest> dispatch;
        private final Queue<HttpServer> servers;

        OneLoop(
                SocketAddress address,
                HttpServerOptions options,
                Handler<HttpServerRequest> dispatch,
                Queue<HttpServer> servers) {
            this.address = address;
            this.options = options;
            this.dispatch = dispatch;
            this.servers = servers;
        }

        @Override
        public Future<?> start() {
            HttpServer server =
                    vertx.createHttpServer(options)
                            .connectionHandler(connection -> accepted(vertx, connection))
                            .requestHandler(dispatch)
                            .exceptionHandler(RunningCalls::broken);
            servers.add(server);
            return server.listen(address);
        }
    }

    private static void dispatch(
            HttpServerRequest request,
            HttpRouter router,
            GrpcService grpc,
            RunningCalls calls,
            int maxBodyBytes) {
        if (GrpcService.isGrpc(request)) {
            grpc.handle(request);
        } else {
            new HttpExchange(request, router, calls, maxBodyBytes).start();
        }
    }

    private static void accepted(Vertx vertx, HttpConnection connection) {
        connection.exceptionHandler(RunningCalls::broken);
        if (connection.protocolVersion() == HttpVersion.HTTP_2) {
            FlushBatching.enable(connection);
            AuthorityRepair.enable(connection);
            ConnectionProbe.start(
                    vertx, connection, PROBE_INTERVAL, PROBE_PATIENCE, () -> true, () -> {});
        }
    }

    private static HttpServerOptions serverOptions(ListenUrl url, Options options)
            throws IOException {
        var server =
                new HttpServerOptions()
                        .setTcpNoDelay(true)
                        .setTcpKeepAlive(true)
                        .setAcceptBacklog(BACKLOG)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setInitialSettings(
                                new Http2Settings()
                                        .setMaxConcurrentStreams(MAX_STREAMS)
                                        .setInitialWindowSize(STREAM_WINDOW_BYTES)
                                        .setMaxHeaderListSize(MAX_HEADER_BYTES))
                        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                        .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
                        .setHttp2RstFloodWindowDuration(10)
                        .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                        .setHttp2ClearTextEnabled(true)
                        .setHandle100ContinueAutomatically(true);
        boolean tls = url instanceof ListenUrl.Tcp tcp && tcp.tls();
        TlsFiles files = options.tls();
        if (tls != (files != null)) {
            throw new IOException(
                    tls
                            ? "cannot listen at " + url + ": https needs a certificate and a key"
                            : "cannot listen at "
                                    + url
                                    + ": a certificate is given, but only https:// serves TLS");
        }
        if (files != null) {
            TlsIdentity identity = TlsIdentity.loadForServer(files);
            server.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(KeyCertOptions.wrap(identity.keyManager()));
            var trust = identity.trustManager();
            if (trust != null) {
                server.setTrustOptions(TrustOptions.wrap(trust))
                        .setClientAuth(
                                files.clientCertificateRequired()
                                        ? ClientAuth.REQUIRED
                                        : ClientAuth.REQUEST);
            }
        }
        return server;
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

    private static IOException cannotListen(ListenUrl url, CompletionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String text = String.valueOf(cause.getMessage());
        String why =
                text.contains("Address already in use")
                        ? "the address is in use by another process"
                        : text.contains("Cannot assign")
                                ? "this machine does not have that address"
                                : text;
        return new IOException("cannot listen at " + url + ": " + why, cause);
    }

    /** The TCP port, also when 0 was asked for; -1 on a Unix socket. */
    public int port() {
        return port;
    }

    /**
     * Accepts no more, ends gRPC streams with UNAVAILABLE, lets running requests end within two
     * seconds, then cuts the rest.
     */
    @Override
    public void close() {
        calls.interruptStreams();
        grpc.closeStreams();
        await(Future.join(servers.stream().map(server -> server.shutdown(DRAIN)).toList()));
        calls.interruptAll();
        await(vertx.undeploy(deployment));
        if (url instanceof ListenUrl.Unix(Path path)) {
            path.toFile().delete();
        }
    }
}
