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
import java.util.function.Function;
import java.util.function.Supplier;

/** Questions to the leader's member that need no entry of the log, and their handlers by name. */
final class LeaderQuestions {
    private static final int ASK = 34;
    private static final int ANSWER = 35;

    private final PeerNetwork network;
    private final Supplier<Leadership> leadership;
    private final Duration timeout;
    private final Map<String, Function<ByteString, CompletionStage<ByteString>>> services =
            new ConcurrentHashMap<>();

    LeaderQuestions(PeerNetwork network, Supplier<Leadership> leadership, Duration timeout) {
        this.network = network;
        this.leadership = leadership;
        this.timeout = timeout;
        network.handle(ASK, this::serve);
    }

    void on(String service, Function<ByteString, CompletionStage<ByteString>> handler) {
        services.put(service, handler);
    }

    CompletableFuture<ByteString> ask(String service, ByteString request) {
        return switch (leadership.get()) {
            case Leadership.Own _ -> answer(service, request);
            case Leadership.Other other ->
                    network.request(
                                    other.memberId(),
                                    Lane.FORWARD,
                                    ASK,
                                    question(service, request),
                                    timeout)
                            .thenApply(PeerNetwork.Response::payload);
            case Leadership.Nobody _ -> CompletableFuture.failedFuture(Failures.noLeader());
        };
    }

    private static ByteString question(String service, ByteString request) {
        ByteString name = ByteString.copyFromUtf8(service);
        byte[] length = {(byte) name.size()};
        return ByteString.copyFrom(length).concat(name).concat(request);
    }

    private void serve(PeerRequest request) {
        ByteString payload = request.payload();
        int nameLength = payload.isEmpty() ? 0 : payload.byteAt(0);
        if (nameLength <= 0 || nameLength >= payload.size()) {
            request.channel().close("its question cannot be read");
            return;
        }
        String service = payload.substring(1, 1 + nameLength).toStringUtf8();
        CompletableFuture<ByteString> answer =
                leadership.get() instanceof Leadership.Own
                        ? answer(service, payload.substring(1 + nameLength))
                        : CompletableFuture.failedFuture(Failures.leaderChanged());
        var _ =
                answer.whenComplete((bytes, failure) -> {
                    if (bytes != null) {
                        request.reply(ANSWER, bytes);
                    } else {
                        request.fail(GrpcException.from(failure));
                    }
                });
    }

    private CompletableFuture<ByteString> answer(String service, ByteString request) {
        var handler = services.get(service);
        if (handler == null) {
            return CompletableFuture.failedFuture(
                    new GrpcException(
                            GrpcCode.UNIMPLEMENTED, "no service " + service + " on the leader"));
        }
        return handler.apply(request).toCompletableFuture();
    }
}
