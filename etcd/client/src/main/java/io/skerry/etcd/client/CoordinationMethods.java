package io.skerry.etcd.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.etcd.jetcd.api.CampaignRequest;
import io.etcd.jetcd.api.CampaignResponse;
import io.etcd.jetcd.api.LeaderRequest;
import io.etcd.jetcd.api.LeaderResponse;
import io.etcd.jetcd.api.ProclaimRequest;
import io.etcd.jetcd.api.ProclaimResponse;
import io.etcd.jetcd.api.ResignRequest;
import io.etcd.jetcd.api.ResignResponse;
import io.etcd.jetcd.api.lock.LockRequest;
import io.etcd.jetcd.api.lock.LockResponse;
import io.etcd.jetcd.api.lock.UnlockRequest;
import io.etcd.jetcd.api.lock.UnlockResponse;
import io.skerry.base.grpc.GrpcMethod;

/** The methods of etcd's services {@code v3lockpb.Lock} and {@code v3electionpb.Election}. */
public final class CoordinationMethods {
    public static final GrpcMethod<LockRequest, LockResponse> LOCK =
            lock("Lock", LockRequest.parser(), LockResponse.parser());
    public static final GrpcMethod<UnlockRequest, UnlockResponse> UNLOCK =
            lock("Unlock", UnlockRequest.parser(), UnlockResponse.parser());

    public static final GrpcMethod<CampaignRequest, CampaignResponse> CAMPAIGN =
            election("Campaign", CampaignRequest.parser(), CampaignResponse.parser());
    public static final GrpcMethod<ProclaimRequest, ProclaimResponse> PROCLAIM =
            election("Proclaim", ProclaimRequest.parser(), ProclaimResponse.parser());
    public static final GrpcMethod<LeaderRequest, LeaderResponse> LEADER =
            election("Leader", LeaderRequest.parser(), LeaderResponse.parser());
    public static final GrpcMethod<LeaderRequest, LeaderResponse> OBSERVE =
            election("Observe", LeaderRequest.parser(), LeaderResponse.parser());
    public static final GrpcMethod<ResignRequest, ResignResponse> RESIGN =
            election("Resign", ResignRequest.parser(), ResignResponse.parser());

    private CoordinationMethods() {}

    private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> lock(
            String name, Parser<Q> requests, Parser<R> responses) {
        return new GrpcMethod<>("v3lockpb.Lock", name, requests, responses);
    }

    private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> election(
            String name, Parser<Q> requests, Parser<R> responses) {
        return new GrpcMethod<>("v3electionpb.Election", name, requests, responses);
    }
}
