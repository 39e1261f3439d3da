package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.PeerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Questions between members that need no entry of the log, and their handlers by name. */
final class Questions implements PeerQuestions {
    private static final int ASK_LEADER = 34;
    private static final int ANSWER = 35;
    private static final int ASK = 36;

    private final PeerNetwork network;
    private final Supplier<Leadership> leadership;
    private final Duration timeout;
    private final Map<String, Function<ByteString, CompletionStage<ByteString>>> leaders =
            new ConcurrentHashMap<>();
    private final Map<String, Function<ByteString, CompletionStage<ByteString>>> members =
            new ConcurrentHashMap<>();

    Questions(PeerNetwork network, Supplier<Leadership> leadership, Duration timeout) {
        this.network = network;
        this.leadership = leadership;
        this.timeout = timeout;
        network.handle(
                ASK_LEADER,
                request ->
                        serve(
                                request,
                                (service, question) ->
                                        leadership.get() instanceof Leadership.Own
                                                ? answered(leaders, service, question)
                                                : CompletableFuture.failedFuture(
                                                        Failures.leaderChanged())));
        network.handle(
                ASK,
                request ->
                        serve(
                                request,
                                (service, question) -> answered(members, service, question)));
    }

    @Override
    public void answer(String service, Function<ByteString, CompletionStage<ByteString>> handler) {
        members.put(service, handler);
    }

    @Override
    public CompletableFuture<ByteString> ask(
            long member, String service, ByteString request, Duration patience) {
        return send(member, ASK, service, request, patience);
    }

    void onLeader(String service, Function<ByteString, CompletionStage<ByteString>> handler) {
        leaders.put(service, handler);
    }

    CompletableFuture<ByteString> askLeader(String service, ByteString request) {
        return switch (leadership.get()) {
            case Leadership.Own _ -> answered(leaders, service, request);
            case Leadership.Other other ->
                    send(other.memberId(), ASK_LEADER, service, request, timeout);
            case Leadership.Nobody _ -> CompletableFuture.failedFuture(Failures.noLeader());
        };
    }

    private CompletableFuture<ByteString> send(
            long member, int type, String service, ByteString request, Duration patience) {
        return network.request(member, Lane.FORWARD, type, question(service, request), patience)
                .thenApply(PeerNetwork.Response::payload);
    }

    private static ByteString question(String service, ByteString request) {
        ByteString name = ByteString.copyFromUtf8(service);
        byte[] length = {(byte) name.size()};
        return ByteString.copyFrom(length).concat(name).concat(request);
    }

    private static void serve(
            PeerRequest request,
            BiFunction<String, ByteString, CompletableFuture<ByteString>> handler) {
        ByteString payload = request.payload();
        int nameLength = payload.isEmpty() ? 0 : payload.byteAt(0);
        if (nameLength <= 0 || nameLength >= payload.size()) {
            request.channel().close("its question cannot be read");
            return;
        }
        String service = payload.substring(1, 1 + nameLength).toStringUtf8();
        var _ =
                handler.apply(service, payload.substring(1 + nameLength))
                        .whenComplete((bytes, failure) -> {
                            if (bytes != null) {
                                request.reply(ANSWER, bytes);
                            } else {
                                request.fail(GrpcException.from(failure));
                            }
                        });
    }

    private static CompletableFuture<ByteString> answered(
            Map<String, Function<ByteString, CompletionStage<ByteString>>> services,
            String service,
            ByteString request) {
        var handler = services.get(service);
        if (handler == null) {
            return CompletableFuture.failedFuture(
                    new GrpcException(
                            GrpcCode.UNIMPLEMENTED, "no service " + service + " on this member"));
        }
        return handler.apply(request).toCompletableFuture();
    }
}
