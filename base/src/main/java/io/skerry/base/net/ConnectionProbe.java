package io.skerry.base.net;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Pings the other side of an HTTP/2 connection and closes the connection when no answer comes: a
 * peer that lost power or its network says nothing of it by itself. Confined to one event loop.
 */
public final class ConnectionProbe {
    private final Vertx vertx;
    private final HttpConnection connection;
    private final Duration interval;
    private final Duration patience;
    private final BooleanSupplier needed;
    private final Runnable closed;

    private ConnectionProbe(
            Vertx vertx,
            HttpConnection connection,
            Duration interval,
            Duration patience,
            BooleanSupplier needed,
            Runnable closed) {
        this.vertx = vertx;
        this.connection = connection;
        this.interval = interval;
        this.patience = patience;
        this.needed = needed;
        this.closed = closed;
    }

    /**
     * Starts to probe; ends with the connection. Called on the connection's event loop.
     *
     * @param needed no ping is sent while it says false; servers count needless pings against a
     *     client
     * @param closed runs when the connection has closed, for whatever reason
     */
    public static void start(
            Vertx vertx,
            HttpConnection connection,
            Duration interval,
            Duration patience,
            BooleanSupplier needed,
            Runnable closed) {
        new ConnectionProbe(vertx, connection, interval, patience, needed, closed).run();
    }

    private void run() {
        long timer =
                vertx.setPeriodic(
                        interval.toMillis(),
                        id -> {
                            if (needed.getAsBoolean()) {
                                once(vertx, connection, patience);
                            }
                        });
        connection.closeHandler(gone -> {
            vertx.cancelTimer(timer);
            closed.run();
        });
    }

    /** Pings once and closes the connection if that is not answered in time. */
    public static void once(Vertx vertx, HttpConnection connection, Duration patience) {
        long limit = vertx.setTimer(patience.toMillis(), id -> connection.close());
        connection
                .ping(Buffer.buffer(new byte[8]))
                .onComplete(answered -> vertx.cancelTimer(limit));
    }
}
