package io.skerry.base.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The event loops of this process, on native epoll where the machine has it. Create one, hand it to
 * listeners and clients, close it after them. Thread-safe.
 */
public final class Network implements AutoCloseable {
    /**
     * Vert.x logs as an error what any stranger can cause by sending garbage; our listeners tell it
     * at debug. Held because the level of a logger that nobody holds is forgotten.
     */
    private static final Logger BROKEN_CONNECTIONS =
            Logger.getLogger("io.vertx.core.net.impl.ConnectionBase");

    /** The library itself gives its loops ten seconds to end. */
    private static final long CLOSE_SECONDS = 60;

    private final Vertx vertx;
    private final int eventLoops;

    private Network(Vertx vertx, int eventLoops) {
        this.vertx = vertx;
        this.eventLoops = eventLoops;
    }

    /** Starts with as many loops as there are processors, at most four. */
    public static Network start() {
        return start(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));
    }

    public static Network start(int eventLoops) {
        BROKEN_CONNECTIONS.setLevel(Level.OFF);
        // Without a class path resolver Vert.x leaves no cache directory behind in the temp dir.
        var options =
                new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setEventLoopPoolSize(eventLoops)
                        .setWorkerPoolSize(2)
                        .setInternalBlockingPoolSize(2)
                        .setBlockedThreadCheckInterval(1)
                        .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
                        .setDisableTCCL(true)
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setClassPathResolvingEnabled(false)
                                        .setFileCachingEnabled(false));
        return new Network(Vertx.vertx(options), eventLoops);
    }

    /** For the layers of this module; systems above use listeners and clients. */
    public Vertx vertx() {
        return vertx;
    }

    /** To listen on the loops, for the layers of this module. */
    public ServerBootstrap server(boolean unixSocket) {
        var internal = (VertxInternal) vertx;
        return new ServerBootstrap()
                .group(internal.acceptorEventLoopGroup(), internal.nettyEventLoopGroup())
                .channelFactory(internal.transport().serverChannelFactory(unixSocket));
    }

    /**
     * To listen on the loops at a socket that is open already; needs native epoll.
     *
     * @throws IOException when this machine has none
     */
    public ServerBootstrap server(PassedSocket socket) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException(
                    "passed sockets need native epoll, which this machine lacks",
                    Epoll.unavailabilityCause());
        }
        var internal = (VertxInternal) vertx;
        return new ServerBootstrap()
                .group(internal.acceptorEventLoopGroup(), internal.nettyEventLoopGroup())
                .channelFactory(() ->
                        socket.unix()
                                ? new EpollServerDomainSocketChannel(socket.descriptor(), true)
                                : new EpollServerSocketChannel(socket.descriptor()));
    }

    /** The address of a Unix socket, as the loops' transport wants it. */
    public SocketAddress unixAddress(Path path) {
        return ((VertxInternal) vertx)
                .transport()
                .convert(io.vertx.core.net.SocketAddress.domainSocketAddress(path.toString()));
    }

    /** A context on one of the loops, chosen in turn; for the layers of this module. */
    public Context newLoopContext() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    public int eventLoops() {
        return eventLoops;
    }

    /** Closes whatever is still open on the loops and ends them; returns when they have ended. */
    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
