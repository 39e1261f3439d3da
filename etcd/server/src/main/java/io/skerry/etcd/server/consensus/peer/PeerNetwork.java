package io.skerry.etcd.server.consensus.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One member's end of the network between members. Handlers are registered before {@link #start};
 * afterwards everything is thread-safe.
 */
public final class PeerNetwork implements AutoCloseable {
    private final AppendTraffic traffic = new AppendTraffic();
    private final PeerVolume volume = new PeerVolume();
    private static final Log LOG = Log.of(PeerNetwork.class);
    private static final int HANDSHAKE_MILLIS = 5000;
    private static final int MAX_STRANGERS = 64;
    private static final long PARTING_MILLIS = 1000;
    private static final long KEEP_MILLIS = 500;
    private static final long LOOK_SECONDS = 15;
    private static final Duration ACCEPTING_ENDS = Duration.ofSeconds(10);

    private final PeerOptions options;
    private final @Nullable PeerTls tls;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<Long, Map<Lane, PeerLink>> links = new ConcurrentHashMap<>();
    private final Set<Long> removed = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Consumer<PeerRequest>> handlers = new HashMap<>();
    private final List<Consumer<PeerChannel>> closedListeners = new CopyOnWriteArrayList<>();
    private final List<LongConsumer> connectedListeners = new CopyOnWriteArrayList<>();
    private final List<ServerSocket> servers = new ArrayList<>();
    private final List<Thread> acceptors = new ArrayList<>();
    private final Set<PeerChannel> channels = ConcurrentHashMap.newKeySet();

    /** Sockets being accepted that have not yet proven to be peers. */
    private final Semaphore strangers = new Semaphore(MAX_STRANGERS);

    private final Set<String> refusalsTold = ConcurrentHashMap.newKeySet();
    private volatile Supplier<ByteString> introduction = () -> ByteString.EMPTY;
    private volatile Consumer<String> removal = _ -> {};
    private volatile IntSupplier clusterVersion = () -> 0;
    private volatile boolean closed;

    /** Listens nowhere and dials nobody until {@link #start}. */
    public PeerNetwork(PeerOptions options) {
        this.options = options;
        this.tls = options.tls() == null ? null : new PeerTls(options.tls());
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("peer-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        peers(options.peers(), Set.of());
    }

    /**
     * Who the peers are from now on and where. Whoever is no longer among them is cut off, with a
     * pause in which answers on their way still arrive.
     *
     * @param gone members that were removed for ever, and are told so
     */
    public void peers(Map<Long, List<InetSocketAddress>> now, Set<Long> gone) {
        removed.addAll(gone);
        synchronized (links) {
            now.forEach((peer, addresses) -> {
                if (peer != options.memberId()) {
                    var lanes = links.computeIfAbsent(peer, p -> lanes(p, addresses));
                    lanes.values().forEach(link -> link.addresses(addresses));
                }
            });
            for (Long peer : List.copyOf(links.keySet())) {
                if (!now.containsKey(peer)) {
                    cutOff(peer);
                }
            }
        }
    }

    private Map<Lane, PeerLink> lanes(long peer, List<InetSocketAddress> addresses) {
        var lanes = new EnumMap<Lane, PeerLink>(Lane.class);
        for (Lane lane : Lane.values()) {
            Runnable told =
                    lane == Lane.CONSENSUS
                            ? () -> connectedListeners.forEach(l -> l.accept(peer))
                            : () -> {};
            lanes.put(
                    lane,
                    new PeerLink(
                            options,
                            peer,
                            addresses,
                            tls,
                            timer,
                            volume.of(peer),
                            told,
                            reason -> removal.accept(reason)));
        }
        return lanes;
    }

    private void cutOff(long peer) {
        Map<Lane, PeerLink> lanes = links.remove(peer);
        if (lanes != null && !closed) {
            var _ =
                    timer.schedule(
                            () -> {
                                lanes.values().forEach(PeerLink::close);
                                channels.stream()
                                        .filter(channel -> channel.peer() == peer)
                                        .filter(_ -> !links.containsKey(peer))
                                        .forEach(channel -> channel.close("it is no member"));
                            },
                            PARTING_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** All peers there are now. */
    public Set<Long> peers() {
        return Set.copyOf(links.keySet());
    }

    /** Sets what is told to those who ask about the cluster without being members. */
    public void introduce(Supplier<ByteString> told) {
        introduction = told;
    }

    /** Sets the version of the cluster, to which members must fit; 0 if there is none yet. */
    public void clusterVersion(IntSupplier version) {
        clusterVersion = version;
    }

    /** Is told if a peer refuses this member as one that was removed. */
    public void onRemoved(Consumer<String> listener) {
        removal = listener;
    }

    /** For how long the lane to a peer has been open; negative if it is not. */
    public long connectedNanos(long peer, Lane lane) {
        PeerLink link = find(peer, lane);
        return link == null ? -1 : link.connectedNanos();
    }

    /** What a peer understands, if it was connected once. */
    public @Nullable Versions versions(long peer) {
        PeerLink link = find(peer, Lane.CONSENSUS);
        return link == null ? null : link.versions();
    }

    /** All peers are kept connected, so that their health is known before it is asked for. */
    private void keepConnected() {
        links.values()
                .forEach(lanes -> {
                    PeerLink link = lanes.get(Lane.CONSENSUS);
                    if (link != null && !closed) {
                        var _ = link.connect();
                    }
                });
    }

    /** Registers who answers requests of a type. */
    public void handle(int type, Consumer<PeerRequest> handler) {
        handlers.put(type, handler);
    }

    /** Is told when a connection that a peer had opened is gone. */
    public void onChannelClosed(Consumer<PeerChannel> listener) {
        closedListeners.add(listener);
    }

    /** What the library sends and receives here, counted by those who see it. */
    public AppendTraffic traffic() {
        return traffic;
    }

    /** How many bytes have gone and come. */
    public PeerVolume volume() {
        return volume;
    }

    /** Is told when our connection for consensus to a peer has been opened. */
    public void onConnected(LongConsumer listener) {
        connectedListeners.add(listener);
    }

    /**
     * Listens and accepts peers.
     *
     * @throws IOException names the address or file and what is wrong with it
     */
    public void start() throws IOException {
        if (tls != null) {
            tls.load();
        }
        var _ =
                timer.scheduleWithFixedDelay(
                        this::keepConnected, 0, KEEP_MILLIS, TimeUnit.MILLISECONDS);
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> channels.forEach(PeerChannel::look),
                        LOOK_SECONDS,
                        LOOK_SECONDS,
                        TimeUnit.SECONDS);
        for (InetSocketAddress address : options.listen()) {
            var server = new ServerSocket();
            try {
                server.setReuseAddress(true);
                server.bind(address, 128);
            } catch (IOException e) {
                server.close();
                close();
                String why =
                        e instanceof BindException
                                        && String.valueOf(e.getMessage()).contains("in use")
                                ? "it is in use by another process; stop that or choose another"
                                        + " port"
                                : String.valueOf(e.getMessage());
                throw new IOException(
                        "cannot listen for peers at "
                                + address.getHostString()
                                + ":"
                                + address.getPort()
                                + ": "
                                + why,
                        e);
            }
            servers.add(server);
            acceptors.add(Thread.ofVirtual().name("peer-accept").start(() -> acceptAll(server)));
        }
    }

    private void acceptAll(ServerSocket server) {
        while (!closed) {
            Socket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("peer cannot be accepted", "reason", e.getMessage());
                    pause();
                }
                continue;
            }
            if (strangers.tryAcquire()) {
                Thread.ofVirtual().name("peer-welcome").start(() -> admit(socket));
            } else {
                FrameConnection.closeQuietly(socket);
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Socket socket) {
        // One byte now and then would keep a read from timing out for ever.
        var patience =
                timer.schedule(
                        () -> FrameConnection.closeQuietly(socket),
                        HANDSHAKE_MILLIS,
                        TimeUnit.MILLISECONDS);
        try {
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            FrameConnection.prepare(socket);
            Socket wired = tls == null ? socket : tls.server(socket);
            Handshake hello = Handshake.read(new DataInputStream(wired.getInputStream()));
            var out = new DataOutputStream(new BufferedOutputStream(wired.getOutputStream()));
            Handshake.@Nullable Refusal refusal = refusal(hello);
            if (refusal != null) {
                Handshake.refuse(out, refusal);
                throw new IOException(refusal.reason());
            }
            if (hello.inquires()) {
                PeerInquiry.answer(out, options.versions(), introduction.get());
                FrameConnection.closeQuietly(wired);
                return;
            }
            if (!patience.cancel(false)) {
                throw new IOException("the handshake took too long");
            }
            Handshake.welcome(out, options.versions());
            socket.setSoTimeout(0);
            var channel =
                    new PeerChannel(wired, hello.from(), volume.of(hello.from()), new Dispatch());
            channels.add(channel);
            channel.start();
            if (closed) {
                channel.close("this member stops");
            }
        } catch (IOException | RuntimeException e) {
            FrameConnection.closeQuietly(socket);
            tellRefusal(socket, e);
        } finally {
            patience.cancel(false);
            strangers.release();
        }
    }

    private void tellRefusal(Socket socket, Exception e) {
        var remote = (InetSocketAddress) socket.getRemoteSocketAddress();
        String host = remote == null ? "?" : remote.getHostString();
        if (closed || refusalsTold.size() > 1000 || !refusalsTold.add(host + e.getMessage())) {
            return;
        }
        LOG.warn("connection to the peers' port refused", "remote", host, "reason", e.getMessage());
    }

    private Handshake.@Nullable Refusal refusal(Handshake hello) {
        if (!hello.inquires() && hello.clusterId() != options.clusterId()) {
            return refused(
                    "cluster ID mismatch: the peer is of cluster "
                            + Long.toHexString(hello.clusterId())
                            + ", this member of "
                            + Long.toHexString(options.clusterId()));
        }
        if (removed.contains(hello.from())) {
            return new Handshake.Refusal(
                    "member " + Long.toHexString(hello.from()) + " was removed from the cluster",
                    true);
        }
        int cluster = clusterVersion.getAsInt();
        @Nullable String mismatch = options.versions().refusal(hello.versions());
        if (mismatch == null && cluster != 0) {
            mismatch = hello.versions().refusalOf(cluster);
        }
        if (mismatch != null) {
            return refused(mismatch);
        }
        if (hello.inquires()) {
            return null;
        }
        if (hello.to() != options.memberId()) {
            return refused(
                    "member ID mismatch: the peer looks for "
                            + Long.toHexString(hello.to())
                            + ", this member is "
                            + Long.toHexString(options.memberId()));
        }
        if (!links.containsKey(hello.from())) {
            return refused("member " + Long.toHexString(hello.from()) + " is not of this cluster");
        }
        return null;
    }

    private static Handshake.Refusal refused(String reason) {
        return new Handshake.Refusal(reason, false);
    }

    /** Whether the lane to a peer is open; begins to open it if not. */
    public boolean connect(long peer, Lane lane) {
        PeerLink link = find(peer, lane);
        return link != null && (link.connected() || (link.connect().isDone() && link.connected()));
    }

    /** Whether the lane to a peer is open. */
    public boolean connected(long peer, Lane lane) {
        PeerLink link = find(peer, lane);
        return link != null && link.connected();
    }

    /** Closes the lane to a peer; the next request opens it anew. */
    public void disconnect(long peer, Lane lane) {
        PeerLink link = find(peer, lane);
        if (link != null) {
            link.disconnect("closed on request");
        }
    }

    /**
     * Asks a peer. Fails with {@link GrpcException}: the peer's own, DEADLINE_EXCEEDED, or
     * UNAVAILABLE if the connection is lost ({@link GrpcException#neverSent} if there was none).
     */
    public CompletableFuture<Response> request(
            long peer, Lane lane, int type, MessageLite payload, Duration timeout) {
        return ask(peer, lane, id -> Frame.encode(Frame.REQUEST, id, type, payload), timeout);
    }

    /** Tells a peer something, without an answer; nothing happens if it is not connected. */
    public void tell(long peer, Lane lane, int type, MessageLite payload) {
        PeerLink link = find(peer, lane);
        if (link != null) {
            link.tell(Frame.encode(Frame.REQUEST, Frame.UNANSWERED, type, payload));
        }
    }

    /** As the other one, for a payload that is bytes already. */
    public CompletableFuture<Response> request(
            long peer, Lane lane, int type, ByteString payload, Duration timeout) {
        return ask(peer, lane, id -> Frame.encode(Frame.REQUEST, id, type, payload), timeout);
    }

    private CompletableFuture<Response> ask(
            long peer, Lane lane, PeerLink.FrameEncoder encode, Duration timeout) {
        PeerLink link = find(peer, lane);
        if (link == null) {
            return CompletableFuture.failedFuture(
                    GrpcException.neverSent(
                            "member " + Long.toHexString(peer) + " is not of this cluster", null));
        }
        return link.request(encode, timeout)
                .thenApply(frame -> new Response(frame.type(), frame.payload()));
    }

    private @Nullable PeerLink find(long peer, Lane lane) {
        Map<Lane, PeerLink> lanes = links.get(peer);
        return lanes == null ? null : lanes.get(lane);
    }

    /** Listens no more when this returns: whoever starts next may have the same port. */
    @Override
    public void close() {
        closed = true;
        for (ServerSocket server : servers) {
            try {
                server.close();
            } catch (IOException e) {
                LOG.warn("peers' port cannot be closed", "reason", e.getMessage());
            }
        }
        links.values().forEach(lanes -> lanes.values().forEach(PeerLink::close));
        channels.forEach(channel -> channel.close("this member stops"));
        timer.shutdownNow();
        awaitEndOfAccepting();
    }

    /** A socket listens on until the thread that waits at it has noticed that it is closed. */
    private void awaitEndOfAccepting() {
        try {
            for (Thread acceptor : acceptors) {
                if (!acceptor.join(ACCEPTING_ENDS)) {
                    LOG.warn("peers' port is not yet free", "waited", ACCEPTING_ENDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Answer of a peer.
     *
     * @param type what the payload is, as the peer's handler said
     */
    public record Response(int type, ByteString payload) {}

    private final class Dispatch implements PeerChannel.Handlers {
        @Override
        public void handle(PeerRequest request) {
            Consumer<PeerRequest> handler = handlers.get(request.type());
            if (handler == null) {
                request.fail(
                        new GrpcException(
                                GrpcCode.UNIMPLEMENTED,
                                "this member knows no request of type " + request.type()));
            } else {
                handler.accept(request);
            }
        }

        @Override
        public void closed(PeerChannel channel) {
            channels.remove(channel);
            closedListeners.forEach(listener -> listener.accept(channel));
        }
    }
}
