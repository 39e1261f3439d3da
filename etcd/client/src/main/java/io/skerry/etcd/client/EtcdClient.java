package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcTransport;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.base.time.MonotonicClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A client of an etcd v3 store. Its methods block and belong on virtual threads. Thread-safe.
 *
 * <p>What may safely be sent again is sent again, to another member if need be, until the request
 * timeout: reads always, writes only when no member can have seen them, transactions as {@link Txn}
 * says. All else fails with an {@link EtcdException} that tells whether the write may have been
 * made.
 */
public final class EtcdClient implements AutoCloseable {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final GrpcTransport transport;
    private final Requests requests;
    private final @Nullable Login login;
    private final MonotonicClock clock;
    private final @Nullable Network network;
    private final @Nullable EtcdEndpoints endpoints;
    private final boolean ownsNetwork;
    private final Set<Runnable> atClose = ConcurrentHashMap.newKeySet();

    private EtcdClient(
            GrpcTransport transport,
            Duration timeout,
            @Nullable Login login,
            @Nullable Network network,
            @Nullable EtcdEndpoints endpoints,
            boolean ownsNetwork) {
        this.transport = transport;
        this.requests = new Requests(transport, timeout, login);
        this.login = login;
        this.clock = MonotonicClock.system();
        this.network = network;
        this.endpoints = endpoints;
        this.ownsNetwork = ownsNetwork;
    }

    /**
     * A client with an event loop of its own; connects when it is first used.
     *
     * @throws IOException if the TLS files cannot be read
     */
    public static EtcdClient connect(EtcdEndpoints endpoints) throws IOException {
        return connect(endpoints, Network.start(1), true);
    }

    /** A client on the loops of the process, which it does not close. */
    public static EtcdClient connect(EtcdEndpoints endpoints, Network network) throws IOException {
        return connect(endpoints, network, false);
    }

    private static EtcdClient connect(EtcdEndpoints endpoints, Network network, boolean owned)
            throws IOException {
        try {
            // Members that lost the others then refuse at once, and the next member is asked.
            var options =
                    NetworkTransport.Options.of(endpoints.uris(), endpoints.tls())
                            .metadata("hasleader", "true");
            var transport = new NetworkTransport(network, options, endpoints.trust());
            return new EtcdClient(
                    transport,
                    endpoints.requestTimeout(),
                    login(transport, endpoints),
                    network,
                    endpoints,
                    owned);
        } catch (IOException | RuntimeException e) {
            if (owned) {
                network.close();
            }
            throw e;
        }
    }

    private static @Nullable Login login(NetworkTransport transport, EtcdEndpoints endpoints) {
        EtcdUser user = endpoints.user();
        return user == null ? null : new Login(transport, user);
    }

    /** A client over a transport, e.g. in-process; closing it closes the transport. */
    public static EtcdClient over(GrpcTransport transport) {
        return over(transport, DEFAULT_TIMEOUT);
    }

    /** The same with another time after which a request fails, retries included. */
    public static EtcdClient over(GrpcTransport transport, Duration requestTimeout) {
        return new EtcdClient(transport, requestTimeout, null, null, null, false);
    }

    /** The transport, for requests that this class does not have. */
    public GrpcTransport transport() {
        return transport;
    }

    /** The clock of {@link LeaseKeeper#lastRenewalSent}. */
    public MonotonicClock clock() {
        return clock;
    }

    /** What lives on this client ends before its transport does. */
    void closeLater(Runnable end) {
        atClose.add(end);
    }

    void closedAlready(Runnable end) {
        atClose.remove(end);
    }

    /** Null: calls need no token. */
    @Nullable Login login() {
        return login;
    }

    Requests requests() {
        return requests;
    }

    public Optional<KeyValue> get(String key) throws EtcdException, InterruptedException {
        var request = RangeRequest.newBuilder().setKey(Keys.of(key)).build();
        var response = requests.read(EtcdMethods.RANGE, request);
        return Listing.of(response, response.getHeader().getRevision()).first();
    }

    /** All keys with a prefix. */
    public Listing list(String prefix) throws EtcdException, InterruptedException {
        return list(prefix, 0);
    }

    /**
     * All keys with a prefix as they were at a revision; 0: now. Fails with OUT_OF_RANGE if that
     * revision was compacted.
     */
    public Listing list(String prefix, long revision) throws EtcdException, InterruptedException {
        var request = Op.rangeOfPrefix(prefix).toBuilder().setRevision(revision).build();
        var response = requests.read(EtcdMethods.RANGE, request);
        return Listing.of(response, response.getHeader().getRevision());
    }

    public PutResult put(String key, ByteString value, @Nullable LeaseId lease)
            throws EtcdException, InterruptedException {
        var request = Op.putRequest(new Op.Put(key, value, lease));
        return new PutResult(requests.write(EtcdMethods.PUT, request).getHeader().getRevision());
    }

    public PutResult put(String key, ByteString value) throws EtcdException, InterruptedException {
        return put(key, value, null);
    }

    /** Deletes a key and returns how many were there: 0 or 1. */
    public long delete(String key) throws EtcdException, InterruptedException {
        var request = DeleteRangeRequest.newBuilder().setKey(Keys.of(key)).build();
        return requests.write(EtcdMethods.DELETE_RANGE, request).getDeleted();
    }

    /** Deletes all keys with a prefix and returns how many there were. */
    public long deletePrefix(String prefix) throws EtcdException, InterruptedException {
        return requests.write(EtcdMethods.DELETE_RANGE, Op.deleteOfPrefix(prefix)).getDeleted();
    }

    public TxnOutcome commit(Txn txn) throws EtcdException, InterruptedException {
        var repeat = txn.repeatable() ? Requests.Repeat.ALWAYS : Requests.Repeat.IF_NEVER_SENT;
        var answer = requests.call(EtcdMethods.TXN, txn.toProto(), repeat);
        return TxnOutcome.of(answer.response(), answer.repeated());
    }

    /** Follows changes until it is closed; see {@link Watch}. */
    public Watch watch(WatchRequest request, WatchListener listener) {
        return Watch.start(this, request, listener);
    }

    /** Grants a lease and keeps it alive; see {@link LeaseKeeper}. */
    public LeaseKeeper keepLease(Duration ttl, LeaseListener listener)
            throws EtcdException, InterruptedException {
        return LeaseKeeper.grant(this, ttl, listener);
    }

    /** Takes part in an election; see {@link Election}. */
    public Election campaign(
            String key, String value, LeaseKeeper lease, ElectionListener listener) {
        return Election.start(this, key, value, lease, listener);
    }

    /** Revokes a lease and deletes its keys; one that is gone already is no error. */
    public void revoke(LeaseId lease) throws EtcdException, InterruptedException {
        try {
            requests.call(
                    EtcdMethods.LEASE_REVOKE,
                    LeaseRevokeRequest.newBuilder().setID(lease.value()).build(),
                    Requests.Repeat.ALWAYS);
        } catch (EtcdException e) {
            if (e.code() != GrpcCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** The members as the store knows them. */
    public List<Member> members() throws EtcdException, InterruptedException {
        return requests.read(EtcdMethods.MEMBER_LIST, MemberListRequest.getDefaultInstance())
                .getMembersList();
    }

    /** The members that vote, and where they say that they are reached. */
    public List<Voter> voters() throws EtcdException, InterruptedException {
        return members().stream()
                .filter(member -> !member.getIsLearner())
                .map(member -> new Voter(member.getClientURLsList(), member.getPeerURLsList()))
                .toList();
    }

    /** The status of one member, over a connection of its own; works without a leader. */
    public StatusResponse status(URI endpoint) throws EtcdException, InterruptedException {
        Network loops = network;
        EtcdEndpoints known = endpoints;
        StatusRequest request = StatusRequest.getDefaultInstance();
        if (loops == null || known == null) {
            return requests.read(EtcdMethods.STATUS, request);
        }
        var options = NetworkTransport.Options.of(List.of(endpoint), known.tls());
        try (var single = new NetworkTransport(loops, options, known.trust())) {
            return new Requests(single, known.requestTimeout(), login(single, known))
                    .write(EtcdMethods.STATUS, request);
        } catch (IOException e) {
            throw new EtcdException(
                    "etcd Status failed",
                    new GrpcException(GrpcCode.UNAVAILABLE, String.valueOf(e.getMessage()), e),
                    false);
        }
    }

    /** Ends watches, candidacies and requests, and stops to renew leases without revoking them. */
    @Override
    public void close() {
        List.copyOf(atClose).forEach(Runnable::run);
        transport.close();
        if (ownsNetwork && network != null) {
            network.close();
        }
    }
}
