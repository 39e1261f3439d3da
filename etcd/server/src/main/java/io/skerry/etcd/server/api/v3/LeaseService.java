package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseTimeToLiveRequest;
import io.etcd.jetcd.api.LeaseTimeToLiveResponse;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.client.LeaseList;
import io.skerry.etcd.server.auth.RequestAccess;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The service {@code etcdserverpb.Lease}. */
final class LeaseService {
    private final EtcdStateMachine store;
    private final LeaseKeeping keeping;
    private final Calls calls;
    private final Identity identity;
    private final RandomGenerator random;
    private final long minTtlSeconds;

    /**
     * @param electionTimeout a lease lives at least one and a half of it, rounded up to seconds
     */
    LeaseService(
            EtcdStateMachine store,
            LeaseKeeping keeping,
            Calls calls,
            Identity identity,
            RandomGenerator random,
            Duration electionTimeout) {
        this.store = store;
        this.keeping = keeping;
        this.calls = calls;
        this.identity = identity;
        this.random = random;
        this.minTtlSeconds = Math.ceilDiv(electionTimeout.toMillis() * 3, 2000L);
    }

    void register(GrpcRouter router) {
        router
                .unary(EtcdMethods.LEASE_GRANT, this::grant)
                .unary(EtcdMethods.LEASE_REVOKE, this::revoke)
                .unary(EtcdMethods.LEASE_TIME_TO_LIVE, this::timeToLive)
                .unary(EtcdMethods.LEASE_LEASES, this::leases)
                .stream(EtcdMethods.LEASE_KEEP_ALIVE, this::keepAlive);
    }

    private CompletionStage<ByteString> grant(LeaseGrantRequest request, GrpcContext context) {
        long id = request.getID();
        while (id == 0) {
            id = random.nextLong() & Long.MAX_VALUE;
        }
        var complete =
                request.toBuilder()
                        .setID(id)
                        .setTTL(Math.max(request.getTTL(), minTtlSeconds))
                        .build();
        return calls.propose(context, complete, () -> {}, new Command.LeaseGrant(complete));
    }

    private CompletionStage<ByteString> revoke(LeaseRevokeRequest request, GrpcContext context) {
        return calls.propose(context, request, () -> {}, new Command.LeaseRevoke(request));
    }

    private CompletionStage<ByteString> timeToLive(
            LeaseTimeToLiveRequest request, GrpcContext context) {
        try {
            calls.requireLeader(context);
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
        Calls.Rule rule =
                (state, caller, view) -> {
                    state.requireKnown(caller);
                    if (request.getKeys()) {
                        new RequestAccess(state, caller, view::keysOf).readKeysOf(request.getID());
                    }
                };
        return keeping.remainingSeconds(request.getID())
                .thenCompose(remaining ->
                        calls.read(
                                context,
                                true,
                                rule,
                                now -> timeToLive(request, remaining, now.view())));
    }

    private ByteString timeToLive(LeaseTimeToLiveRequest request, long remaining, ReadView view) {
        var lease = store.lease(request.getID());
        var response = LeaseTimeToLiveResponse.newBuilder().setID(request.getID());
        response.setHeader(identity.header(view.revision()));
        if (lease == null || remaining < 0) {
            return response.setTTL(-1).build().toByteString();
        }
        response.setTTL(remaining).setGrantedTTL(lease.ttlSeconds());
        if (request.getKeys()) {
            view.keysOf(lease.id()).forEach(key -> response.addKeys(ByteString.copyFrom(key)));
        }
        return response.build().toByteString();
    }

    private CompletionStage<ByteString> leases(UnknownFieldSet request, GrpcContext context) {
        return calls.read(
                context,
                true,
                (state, caller, view) -> {
                    state.requireKnown(caller);
                    var access = new RequestAccess(state, caller, view::keysOf);
                    for (var lease : store.leases()) {
                        access.readKeysOf(lease.id());
                    }
                },
                now ->
                        LeaseList.encode(
                                identity.header(now.view().revision()),
                                store.leases().stream().map(Lease::id).sorted().toList()));
    }

    private GrpcInbound<LeaseKeepAliveRequest> keepAlive(GrpcContext context, GrpcOutbound out) {
        return new KeepAlives(out, calls.permit(context, Calls.Rule.ANY_USER));
    }

    /**
     * One stream of renewals; answers leave in the order of the requests. The caller is looked at
     * when the stream begins: a lease must not die because its keeper's token did.
     */
    private final class KeepAlives implements GrpcInbound<LeaseKeepAliveRequest> {
        private final GrpcOutbound out;
        private CompletableFuture<?> last;

        KeepAlives(GrpcOutbound out, CompletionStage<?> permitted) {
            this.out = out;
            this.last = permitted.toCompletableFuture();
        }

        @Override
        public void message(LeaseKeepAliveRequest request) {
            long id = request.getID();
            last =
                    last.thenCompose(_ -> keeping.renew(id))
                            .thenAccept(ttl -> answer(id, ttl))
                            .whenComplete((_, failure) -> {
                                if (failure != null) {
                                    out.fail(GrpcException.from(failure));
                                }
                            });
        }

        private void answer(long id, long ttlSeconds) {
            out.send(
                    LeaseKeepAliveResponse.newBuilder()
                            .setHeader(identity.header(store.revision()))
                            .setID(id)
                            .setTTL(ttlSeconds)
                            .build()
                            .toByteString());
        }

        @Override
        public void halfClosed() {
            last = last.whenComplete((_, _) -> out.complete());
        }

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }
}
