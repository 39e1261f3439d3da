package io.skerry.etcd.server.consensus.peer;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Our connection to one peer on one lane: opened when it is wanted, given up when the peer is
 * silent, opened again. Thread-safe.
 */
final class PeerLink {
    private static final Log LOG = Log.of(PeerLink.class);
    private static final int CONNECT_MILLIS = 1500;
    private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /**
     * A peer that was asked and says nothing at all for so long is dialled anew: after a cut of the
     * network TCP itself would try again only after a long time.
     */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PeerOptions options;
    private final long peer;
    private final @Nullable PeerTls tls;
    private final ScheduledExecutorService timer;
    private final PeerVolume.Of volume;
    private final Runnable onConnected;
    private final Consumer<String> onRemoved;
    private volatile List<InetSocketAddress> addresses;
    private final AtomicLong ids = new AtomicLong();

    private @Nullable Session session;
    private @Nullable CompletableFuture<Session> connecting;
    private long notBeforeNanos = System.nanoTime();
    private String lastFailure = "";
    private volatile @Nullable Versions versions;
    private boolean closed;

    /**
     * @param onConnected is told of each new connection
     * @param onRemoved is told if the peer refuses this member as one that was removed
     */
    PeerLink(
            PeerOptions options,
            long peer,
            List<InetSocketAddress> addresses,
            @Nullable PeerTls tls,
            ScheduledExecutorService timer,
            PeerVolume.Of volume,
            Runnable onConnected,
            Consumer<String> onRemoved) {
        this.options = options;
        this.peer = peer;
        this.addresses = addresses;
        this.onRemoved = onRemoved;
        this.tls = tls;
        this.timer = timer;
        this.volume = volume;
        this.onConnected = onConnected;
    }

    synchronized boolean connected() {
        return session != null;
    }

    /** For how long the connection has been open; negative if it is not. */
    synchronized long connectedNanos() {
        return session == null ? -1 : System.nanoTime() - session.openedNanos;
    }

    /** What the peer understands, as it told when it was last connected. */
    @Nullable Versions versions() {
        return versions;
    }

    /** Where the peer is from now on. */
    void addresses(List<InetSocketAddress> now) {
        if (!addresses.equals(now)) {
            addresses = now;
            disconnect("the peer's address changes");
        }
    }

    /**
     * The session there is, or the one being made; making one begins if none is and the last
     * attempt did not fail just now.
     */
    synchronized CompletableFuture<Session> connect() {
        if (session != null) {
            return CompletableFuture.completedFuture(session);
        }
        if (connecting != null) {
            return connecting;
        }
        if (closed || System.nanoTime() - notBeforeNanos < 0) {
            return CompletableFuture.failedFuture(
                    GrpcException.neverSent(
                            "member " + Long.toHexString(peer) + " is not connected", null));
        }
        var attempt = new CompletableFuture<Session>();
        connecting = attempt;
        Thread.ofVirtual()
                .name("peer-connect-" + Long.toHexString(peer))
                .start(() -> dial(attempt));
        return attempt;
    }

    private void dial(CompletableFuture<Session> attempt) {
        IOException failure = new IOException("no address is known");
        for (InetSocketAddress address : addresses) {
            try {
                opened(open(address), attempt);
                return;
            } catch (Handshake.RemovedException e) {
                onRemoved.accept(String.valueOf(e.getMessage()));
                failure = e;
                break;
            } catch (IOException e) {
                failure = e;
            }
        }
        failed(failure, attempt);
    }

    private Session open(InetSocketAddress configured) throws IOException {
        var socket = new Socket();
        try {
            // Resolved each time, since a host may come back with another address.
            var address = new InetSocketAddress(configured.getHostString(), configured.getPort());
            if (address.isUnresolved()) {
                throw new IOException("host " + address.getHostString() + " is unknown");
            }
            socket.connect(address, CONNECT_MILLIS);
            FrameConnection.prepare(socket);
            socket.setSoTimeout(CONNECT_MILLIS);
            Socket wired = tls == null ? socket : tls.client(socket, address);
            new Handshake(options.versions(), options.clusterId(), options.memberId(), peer)
                    .write(new DataOutputStream(new BufferedOutputStream(wired.getOutputStream())));
            versions = Handshake.awaitWelcome(new DataInputStream(wired.getInputStream()));
            socket.setSoTimeout(0);
            return new Session(wired);
        } catch (IOException e) {
            FrameConnection.closeQuietly(socket);
            throw e;
        }
    }

    private void opened(Session fresh, CompletableFuture<Session> attempt) {
        boolean unwanted;
        synchronized (this) {
            unwanted = closed;
            connecting = null;
            if (!unwanted) {
                session = fresh;
                lastFailure = "";
            }
        }
        fresh.connection.start();
        if (unwanted) {
            fresh.connection.close("this member stops");
        } else {
            LOG.info("peer connected", "peer", Long.toHexString(peer));
        }
        attempt.complete(fresh);
        if (!unwanted) {
            onConnected.run();
        }
    }

    private void failed(IOException e, CompletableFuture<Session> attempt) {
        boolean news;
        synchronized (this) {
            connecting = null;
            notBeforeNanos = System.nanoTime() + BACKOFF_NANOS;
            news = !closed && !lastFailure.equals(String.valueOf(e.getMessage()));
            lastFailure = String.valueOf(e.getMessage());
        }
        if (news) {
            LOG.warn(
                    "peer cannot be reached",
                    "peer",
                    Long.toHexString(peer),
                    "address",
                    addresses,
                    "reason",
                    e.getMessage());
        }
        attempt.completeExceptionally(
                GrpcException.neverSent(
                        "member " + Long.toHexString(peer) + " cannot be reached", e));
    }

    /** Sends a request that {@code encode} makes for an id. */
    CompletableFuture<Frame> request(FrameEncoder encode, Duration timeout) {
        CompletableFuture<Session> ready = connect();
        if (ready.isDone() && !ready.isCompletedExceptionally()) {
            return ready.join().request(encode, timeout);
        }
        return ready.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(open -> open.request(encode, timeout));
    }

    /** Sends a frame that wants no answer, if there is a connection. */
    void tell(byte[] frame) {
        Session open;
        synchronized (this) {
            open = session;
        }
        if (open != null) {
            var _ = open.connection.send(frame);
        }
    }

    void disconnect(String reason) {
        Session open;
        synchronized (this) {
            open = session;
        }
        if (open != null) {
            open.connection.close(reason);
        }
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        disconnect("it is not needed any more");
    }

    private synchronized void forget(Session ended) {
        if (session == ended) {
            session = null;
        }
    }

    /** Makes the frame of a request with an id. */
    interface FrameEncoder {
        byte[] frame(long id);
    }

    /** A request on its way. */
    private static final class Waiting {
        private final CompletableFuture<Frame> answer = new CompletableFuture<>();

        /** Where it ends on the connection, once that is known. */
        private volatile long end;
    }

    /** A live connection and the requests that wait on it. */
    final class Session implements FrameConnection.Sink {
        private final FrameConnection connection;
        private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
        private final long openedNanos = System.nanoTime();

        Session(Socket socket) {
            connection = new FrameConnection(socket, Long.toHexString(peer), volume, this);
        }

        CompletableFuture<Frame> request(FrameEncoder encode, Duration timeout) {
            long id = ids.incrementAndGet();
            var request = new Waiting();
            var answer = request.answer;
            waiting.put(id, request);
            long sent = System.nanoTime();
            ScheduledFuture<?> deadline;
            try {
                deadline =
                        timer.schedule(
                                () -> timedOut(id, sent), timeout.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                waiting.remove(id);
                return CompletableFuture.failedFuture(
                        GrpcException.neverSent("this member stops", e));
            }
            var _ = answer.whenComplete((frame, failure) -> deadline.cancel(false));
            request.end = connection.send(encode.frame(id));
            if (request.end == FrameConnection.CLOSED && waiting.remove(id) != null) {
                answer.completeExceptionally(
                        GrpcException.neverSent("connection to the peer is closed", null));
            }
            return answer;
        }

        private void timedOut(long id, long sent) {
            Waiting request = waiting.remove(id);
            if (request == null) {
                return;
            }
            request.answer.completeExceptionally(
                    new GrpcException(
                            GrpcCode.DEADLINE_EXCEEDED, "the peer did not answer in time"));
            long heard = connection.lastReceivedNanos();
            if (heard - sent < 0 && System.nanoTime() - heard > SILENCE_NANOS) {
                connection.close("the peer is silent");
            }
        }

        @Override
        public void frame(Frame frame) {
            Waiting request = waiting.remove(frame.id());
            if (request == null) {
                return;
            }
            connection.read(request.end);
            if (frame.kind() == Frame.FAILURE) {
                request.answer.completeExceptionally(
                        new GrpcException(
                                GrpcCode.of(frame.type()), frame.payload().toStringUtf8()));
            } else {
                request.answer.complete(frame);
            }
        }

        @Override
        public void closed(String reason) {
            forget(this);
            LOG.info("peer disconnected", "peer", Long.toHexString(peer), "reason", reason);
            for (Long id : List.copyOf(waiting.keySet())) {
                Waiting request = waiting.remove(id);
                if (request != null) {
                    request.answer.completeExceptionally(
                            new GrpcException(
                                    GrpcCode.UNAVAILABLE, "connection to the peer was lost"));
                }
            }
        }
    }
}
