package io.skerry.etcd.server.api.coordination;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CampaignRequest;
import io.etcd.jetcd.api.CampaignResponse;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaderKey;
import io.etcd.jetcd.api.LeaderRequest;
import io.etcd.jetcd.api.LeaderResponse;
import io.etcd.jetcd.api.ProclaimRequest;
import io.etcd.jetcd.api.ProclaimResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResignRequest;
import io.etcd.jetcd.api.ResignResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.CoordinationMethods;

/** The service {@code v3electionpb.Election}. */
final class ElectionService {
    private final WaitingCalls waiting;

    ElectionService(WaitingCalls waiting) {
        this.waiting = waiting;
    }

    void register(GrpcRouter router) {
        // As streams, so that a caller's going is heard of while it waits.
        router.stream(CoordinationMethods.CAMPAIGN, waiting.serve(ElectionService::campaign))
                .stream(CoordinationMethods.PROCLAIM, waiting.serve(ElectionService::proclaim))
                .stream(CoordinationMethods.LEADER, waiting.serve(ElectionService::leader))
                .stream(CoordinationMethods.OBSERVE, waiting.serve(ElectionService::observe))
                .stream(CoordinationMethods.RESIGN, waiting.serve(ElectionService::resign));
    }

    private static void campaign(CampaignRequest request, CallerStore store, GrpcOutbound out)
            throws GrpcException {
        var queue = new Queue(store, request.getName());
        var place = queue.join(request.getValue(), Coordination.leaseOf(request.getLease(), store));
        try {
            if (!place.entry().getValue().equals(request.getValue())) {
                var _ =
                        write(
                                store,
                                place.key(),
                                place.createRevision(),
                                CallerStore.put(place.key(), request.getValue(), place.lease()));
            }
            queue.awaitTurn(place);
        } catch (GrpcException e) {
            queue.leave(place);
            throw e;
        }
        out.send(
                CampaignResponse.newBuilder()
                        .setHeader(store.get(place.key()).getHeader())
                        .setLeader(
                                LeaderKey.newBuilder()
                                        .setName(request.getName())
                                        .setKey(place.key())
                                        .setRev(place.createRevision())
                                        .setLease(place.lease()))
                        .build()
                        .toByteString());
    }

    private static void proclaim(ProclaimRequest request, CallerStore store, GrpcOutbound out)
            throws GrpcException {
        if (!request.hasLeader()) {
            throw leaderMissing();
        }
        var leader = request.getLeader();
        var header =
                write(
                        store,
                        leader.getKey(),
                        leader.getRev(),
                        CallerStore.put(leader.getKey(), request.getValue(), leader.getLease()));
        out.send(ProclaimResponse.newBuilder().setHeader(header).build().toByteString());
    }

    /** Writes if the key is still the one of that leader. */
    private static ResponseHeader write(
            CallerStore store, ByteString key, long createRevision, RequestOp operation)
            throws GrpcException {
        var answer =
                store.txn(
                        TxnRequest.newBuilder()
                                .addCompare(CallerStore.createdAt(key, createRevision))
                                .addSuccess(operation)
                                .build());
        if (!answer.getSucceeded()) {
            throw new GrpcException(GrpcCode.UNKNOWN, "election: not leader");
        }
        return answer.getHeader();
    }

    private static void leader(LeaderRequest request, CallerStore store, GrpcOutbound out)
            throws GrpcException {
        var queue = new Queue(store, request.getName());
        var answer = store.range(queue.first(1, RangeRequest.SortOrder.ASCEND).build());
        if (answer.getKvsCount() == 0) {
            throw new GrpcException(GrpcCode.UNKNOWN, "election: no leader");
        }
        out.send(leaderResponse(answer.getHeader(), answer.getKvs(0)));
    }

    private static ByteString leaderResponse(ResponseHeader header, KeyValue entry) {
        return LeaderResponse.newBuilder().setHeader(header).setKv(entry).build().toByteString();
    }

    /** Sends the leader, and each change of it or of what it proclaims, until the caller goes. */
    private static void observe(LeaderRequest request, CallerStore store, GrpcOutbound out)
            throws GrpcException {
        var queue = new Queue(store, request.getName());
        while (true) {
            var answer = store.range(queue.first(1, RangeRequest.SortOrder.ASCEND).build());
            var header = answer.getHeader();
            if (answer.getKvsCount() == 0) {
                try (var watch = queue.watch(header.getRevision() + 1)) {
                    while (watch.next(store).getType() != Event.EventType.PUT) {
                        // Nobody leads yet.
                    }
                }
                continue;
            }
            var entry = answer.getKvs(0);
            out.send(leaderResponse(header, entry));
            follow(store, header, entry, out);
        }
    }

    /** Tells what a leader proclaims until its key is gone. */
    private static void follow(
            CallerStore store, ResponseHeader header, KeyValue entry, GrpcOutbound out)
            throws GrpcException {
        try (var watch = store.watch(entry.getKey(), ByteString.EMPTY, header.getRevision() + 1)) {
            for (var event = watch.next(store);
                    event.getType() == Event.EventType.PUT;
                    event = watch.next(store)) {
                var at = header.toBuilder().setRevision(event.getKv().getModRevision()).build();
                out.send(leaderResponse(at, event.getKv()));
            }
        }
    }

    private static void resign(ResignRequest request, CallerStore store, GrpcOutbound out)
            throws GrpcException {
        if (!request.hasLeader()) {
            throw leaderMissing();
        }
        var leader = request.getLeader();
        // Who is no leader any more has nothing to resign from, which is no error.
        var answer =
                store.txn(
                        TxnRequest.newBuilder()
                                .addCompare(CallerStore.createdAt(leader.getKey(), leader.getRev()))
                                .addSuccess(
                                        RequestOp.newBuilder()
                                                .setRequestDeleteRange(
                                                        DeleteRangeRequest.newBuilder()
                                                                .setKey(leader.getKey())))
                                .build());
        out.send(ResignResponse.newBuilder().setHeader(answer.getHeader()).build().toByteString());
    }

    private static GrpcException leaderMissing() {
        return new GrpcException(GrpcCode.UNKNOWN, "\"leader\" field must be provided");
    }
}
