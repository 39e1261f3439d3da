package io.skerry.base.grpc;

import com.google.protobuf.MessageLite;
import io.netty.channel.EventLoop;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Calls servers over the network. All calls go to one endpoint over one HTTP/2 connection until
 * that endpoint fails; then the next is used. A transport lives on one event loop.
 *
 * <p>It retries nothing that a server may have seen; it only tries all endpoints to find one that
 * takes a connection.
 */
public final class NetworkTransport implements GrpcTransport {
    /**
     * How to reach the servers.
     *
     * @param endpoints {@code http://}, {@code https://} or {@code unix://}; the first used is
     *     chosen at random, so that many clients spread
     * @param tls for https endpoints: own certificate and the trusted authority
     * @param metadata sent with every call, names in lower case
     * @param maxMessageBytes larger responses end with RESOURCE_EXHAUSTED
     */
    public record Options(
            List<URI> endpoints,
            @Nullable TlsFiles tls,
            Map<String, String> metadata,
            int maxMessageBytes,
            Duration connectTimeout) {
        public Options {
            endpoints = List.copyOf(endpoints);
            metadata = Map.copyOf(metadata);
            if (endpoints.isEmpty()) {
                throw new IllegalArgumentException("at least one endpoint is needed");
            }
        }

        public static Options of(List<URI> endpoints, @Nullable TlsFiles tls) {
            return new Options(endpoints, tls, Map.of(), Integer.MAX_VALUE, Duration.ofSeconds(2));
        }

        public Options metadata(String name, String value) {
            return new Options(
                    endpoints, tls, Map.of(name, value), maxMessageBytes, connectTimeout);
        }
    }

    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 4 << 20;

    private final Options options;
    private final HttpClientAgent client;
    private final EventLoop loop;
    private final List<EndpointConnection> connections = new ArrayList<>();
    private volatile Map<String, String> metadata;
    private volatile boolean closed;
    // Confined to the loop.
    private int current;

    /**
     * Prepares a transport; connections are made when they are needed.
     *
     * @throws IOException if the TLS files cannot be read
     */
    public NetworkTransport(Network network, Options options) throws IOException {
        this(network, options, null);
    }

    /**
     * As the other, with a say in whom it believes: it wins over the authority in the options, and
     * needs no own certificate there.
     */
    public NetworkTransport(Network network, Options options, @Nullable ServerTrust trust)
            throws IOException {
        this.options = options;
        this.metadata = options.metadata();
        var context = (ContextInternal) network.newLoopContext();
        this.loop = context.nettyEventLoop();
        this.client = client(network.vertx(), options, trust);
        for (URI uri : options.endpoints()) {
            connections.add(
                    new EndpointConnection(
                            Endpoint.of(uri),
                            network.vertx(),
                            context,
                            client,
                            options.connectTimeout()));
        }
        this.current = ThreadLocalRandom.current().nextInt(connections.size());
    }

    private static HttpClientAgent client(
            Vertx vertx, Options options, @Nullable ServerTrust believed) throws IOException {
        var http =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setUseAlpn(true)
                        .setTcpNoDelay(true)
                        .setInitialSettings(
                                new Http2Settings()
                                        .setPushEnabled(false)
                                        .setInitialWindowSize(STREAM_WINDOW_BYTES))
                        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES);
        TlsFiles tls = options.tls();
        if (tls != null) {
            TlsIdentity identity = TlsIdentity.load(tls);
            http.setKeyCertOptions(KeyCertOptions.wrap(identity.keyManager()));
            var trust = identity.trustManager();
            if (trust != null) {
                http.setTrustOptions(TrustOptions.wrap(trust));
            }
        }
        if (believed != null) {
            believed.apply(http);
        }
        return vertx.createHttpClient(http);
    }

    @Override
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<R> unary(
            GrpcMethod<Q, R> method, Q request, Duration deadline) {
        var call = new ClientUnary<>(method, request, deadline, this);
        onLoop(call::begin);
        return call.result();
    }

    @Override
    public <Q extends MessageLite, R extends MessageLite> GrpcOutbound stream(
            GrpcMethod<Q, R> method, GrpcInbound<R> inbound) {
        var call = new ClientStream<>(method, inbound, this);
        onLoop(call::start);
        return call.outbound();
    }

    EventLoop loop() {
        return loop;
    }

    Options options() {
        return options;
    }

    /** What calls that begin now send. */
    Map<String, String> metadata() {
        return metadata;
    }

    /** Calls that begin from now on send this, too; an empty value takes it back. */
    public synchronized void metadata(String name, String value) {
        var changed = new HashMap<>(metadata);
        if (value.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        metadata = Map.copyOf(changed);
    }

    /** Connects to the current endpoint, or to the next that can be reached. On the loop. */
    void connect(Connected then) {
        if (closed) {
            then.failed(new GrpcException(GrpcCode.CANCELLED, "the client is closed"));
            return;
        }
        EndpointConnection live = connections.get(current);
        if (live.isOpen()) {
            live.acquire(then);
            return;
        }
        new Attempt(then, current, connections.size()).next(null);
    }

    /**
     * Later calls go elsewhere: this endpoint failed a call, timed out or has no leader. On the
     * loop.
     */
    void avoid(EndpointConnection failed) {
        failed.suspect();
        if (connections.get(current) == failed) {
            current = (current + 1) % connections.size();
        }
    }

    /** What waits for a connection. */
    interface Connected {
        void ready(EndpointConnection connection);

        void failed(GrpcException reason);
    }

    /** Goes once around the endpoints. */
    private final class Attempt implements Connected {
        private final Connected then;
        private final int first;
        private int left;
        private int at;

        Attempt(Connected then, int first, int left) {
            this.then = then;
            this.first = first;
            this.left = left;
        }

        void next(@Nullable GrpcException last) {
            if (closed || left == 0) {
                then.failed(
                        last == null
                                ? new GrpcException(GrpcCode.CANCELLED, "the client is closed")
                                : last);
                return;
            }
            at = (first + connections.size() - left) % connections.size();
            left--;
            connections.get(at).acquire(this);
        }

        @Override
        public void ready(EndpointConnection connection) {
            current = at;
            then.ready(connection);
        }

        @Override
        public void failed(GrpcException reason) {
            // Later calls need not wait for this endpoint again.
            if (current == at) {
                current = (at + 1) % connections.size();
            }
            next(reason);
        }
    }

    private void onLoop(Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }

    @Override
    public void close() {
        closed = true;
        onLoop(() -> connections.forEach(EndpointConnection::close));
        client.close();
    }
}
