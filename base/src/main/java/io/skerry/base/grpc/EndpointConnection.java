package io.skerry.base.grpc;

import io.skerry.base.log.Log;
import io.skerry.base.net.ConnectionProbe;
import io.skerry.base.net.FlushBatching;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one endpoint: made when it is needed, shared by all calls, made anew after it
 * broke. Confined to the transport's event loop.
 */
final class EndpointConnection {
    /** etcd takes pings at most every five seconds, and only while a stream is open. */
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(5_500);

    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(4);

    private static final Duration SUSPICION_PATIENCE = Duration.ofSeconds(2);
    private static final Log LOG = Log.of(EndpointConnection.class);

    private final Endpoint endpoint;
    private final Vertx vertx;
    private final ContextInternal context;
    private final HttpClientAgent client;
    private final Duration connectTimeout;
    private final List<NetworkTransport.Connected> waiting = new ArrayList<>();
    private @Nullable HttpClientConnection connection;
    private boolean connecting;

    EndpointConnection(
            Endpoint endpoint,
            Vertx vertx,
            ContextInternal context,
            HttpClientAgent client,
            Duration connectTimeout) {
        this.endpoint = endpoint;
        this.vertx = vertx;
        this.context = context;
        this.client = client;
        this.connectTimeout = connectTimeout;
    }

    boolean isOpen() {
        return connection != null;
    }

    /** Calls back at once if the connection is open, or when it is or cannot be made. */
    void acquire(NetworkTransport.Connected then) {
        if (connection != null) {
            then.ready(this);
            return;
        }
        waiting.add(then);
        if (!connecting) {
            connecting = true;
            context.runOnContext(now -> connect());
        }
    }

    private void connect() {
        SocketAddress address = address();
        var options =
                new HttpConnectOptions()
                        .setServer(address)
                        .setHost(endpoint.host())
                        .setPort(endpoint.port())
                        .setSsl(endpoint.tls())
                        .setConnectTimeout(connectTimeout.toMillis());
        // The limit covers what comes after TCP too: a stopped process lets itself be connected to,
        // but neither shakes hands nor speaks HTTP/2.
        var attempt = client.connect(options);
        var givenUp = new AtomicBoolean();
        attempt.onSuccess(late -> {
            if (givenUp.get()) {
                late.close();
            }
        });
        attempt.timeout(connectTimeout.toMillis() * 2, TimeUnit.MILLISECONDS)
                .onComplete(
                        this::connected,
                        cause -> {
                            givenUp.set(true);
                            failed(cause);
                        });
    }

    private SocketAddress address() {
        Path socket = endpoint.socket();
        return socket == null
                ? SocketAddress.inetSocketAddress(endpoint.port(), endpoint.host())
                : SocketAddress.domainSocketAddress(socket.toString());
    }

    private void connected(HttpClientConnection made) {
        connecting = false;
        connection = made;
        FlushBatching.enable(made);
        made.exceptionHandler(broken -> LOG.debug("connection failed", "cause", broken));
        ConnectionProbe.start(
                vertx,
                made,
                PROBE_INTERVAL,
                PROBE_PATIENCE,
                () -> made.activeStreams() > 0,
                () -> lost(made));
        made.goAwayHandler(last -> lost(made));
        wake(then -> then.ready(this));
    }

    private void failed(Throwable cause) {
        connecting = false;
        GrpcException reason =
                GrpcException.neverSent(
                        "cannot reach " + endpoint + ": " + cause.getMessage(), cause);
        wake(then -> then.failed(reason));
    }

    private void wake(Consumer<NetworkTransport.Connected> action) {
        var all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(action);
    }

    /** The connection takes no new streams; those it has go on or fail by themselves. */
    private void lost(HttpClientConnection gone) {
        if (gone.equals(connection)) {
            connection = null;
        }
    }

    /**
     * A call was not answered: finds out soon whether the other side is still there, so that the
     * streams of this connection do not wait for the next regular probe.
     */
    void suspect() {
        HttpClientConnection live = connection;
        if (live != null) {
            ConnectionProbe.once(vertx, live, SUSPICION_PATIENCE);
        }
    }

    /** Begins a stream; {@code failed} means that nothing was sent. */
    void request(String path, Consumer<HttpClientRequest> begun, Consumer<Throwable> failed) {
        HttpClientConnection live = connection;
        if (live == null) {
            failed.accept(new IllegalStateException("connection lost"));
            return;
        }
        var options = new RequestOptions().setMethod(HttpMethod.POST).setURI(path);
        live.request(options).onComplete(begun::accept, failed::accept);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void close() {
        HttpClientConnection live = connection;
        if (live != null) {
            connection = null;
            live.close();
        }
    }
}
