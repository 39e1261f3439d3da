package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.peer.AppendTraffic;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The library's client: its requests to one member's peers on the consensus lane. */
final class PeerRpcClient implements RpcClient {
    private final List<ReplicatorGroup> groups = new ArrayList<>();
    private @Nullable PeerNetwork network;

    @Override
    public boolean init(RpcOptions options) {
        var member = (MemberOptions) options;
        member.groups(groups);
        PeerNetwork own = member.network();
        network = own;
        own.onConnected(peer ->
                // The library takes its locks here, for which a connection must not wait.
                Thread.ofVirtual()
                        .name("raft-peer-connected")
                        .start(() ->
                                groups.forEach(g -> g.checkReplicator(MemberName.of(peer), true))));
        return true;
    }

    private PeerNetwork network() {
        PeerNetwork own = network;
        if (own == null) {
            throw new IllegalStateException("the client is used before its member has started");
        }
        return own;
    }

    @Override
    public void shutdown() {
        // The network belongs to the member, which closes it after the library.
    }

    @Override
    public void registerConnectEventListener(ReplicatorGroup group) {
        groups.add(group);
    }

    @Override
    public boolean checkConnection(Endpoint endpoint) {
        return network().connected(MemberName.memberId(endpoint), Lane.CONSENSUS);
    }

    @Override
    public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
        return createIfAbsent
                ? network().connect(MemberName.memberId(endpoint), Lane.CONSENSUS)
                : checkConnection(endpoint);
    }

    @Override
    public void closeConnection(Endpoint endpoint) {
        network().disconnect(MemberName.memberId(endpoint), Lane.CONSENSUS);
    }

    private CompletableFuture<Message> send(Endpoint endpoint, Object request, long timeoutMillis) {
        var message = (Message) request;
        return network()
                .request(
                        MemberName.memberId(endpoint),
                        Lane.CONSENSUS,
                        MessageTypes.number(message),
                        message,
                        Duration.ofMillis(timeoutMillis))
                .thenApply(response -> {
                    try {
                        return MessageTypes.parse(response.type(), response.payload());
                    } catch (IOException e) {
                        throw new IllegalArgumentException("the peer's answer cannot be read", e);
                    }
                });
    }

    @Override
    public Object invokeSync(
            Endpoint endpoint, Object request, @Nullable InvokeContext context, long timeoutMillis)
            throws InterruptedException, RemotingException {
        try {
            return send(endpoint, request, timeoutMillis).get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw remoting(e);
        } catch (TimeoutException e) {
            throw new InvokeTimeoutException("the peer did not answer in time", e);
        }
    }

    /**
     * The library asks with locks held that it takes again in the callback, and gives them back
     * neither after an exception from here nor without the callback. So nothing is thrown, and the
     * callback is called exactly once, never before this returns on the thread that asks: a thread
     * of its own calls it if the library's executor takes no more since the library is stopped.
     *
     * <p>A follower's answer to entries or a heartbeat is taken by the thread that reads it. The
     * library's executor would be woken for nothing: it only keeps the network's threads free, and
     * this one is the peer's own.
     */
    @Override
    public void invokeAsync(
            Endpoint endpoint,
            Object request,
            @Nullable InvokeContext context,
            InvokeCallback callback,
            long timeoutMillis) {
        CompletableFuture<Message> answer;
        try {
            answer = send(endpoint, request, timeoutMillis);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        if (request instanceof AppendEntriesRequest append && append.getEntriesCount() > 0) {
            count(append, MemberName.memberId(endpoint), answer);
        }
        var asked = new AtomicBoolean();
        var _ =
                answer.whenComplete((message, failure) -> {
                    if (failure != null) {
                        hand(() -> callback.complete(null, remoting(failure)), callback.executor());
                    } else if (request instanceof AppendEntriesRequest && asked.get()) {
                        callback.complete(message, null);
                    } else {
                        hand(() -> callback.complete(message, null), callback.executor());
                    }
                });
        asked.set(true);
    }

    private static void hand(Runnable call, Executor executor) {
        try {
            executor.execute(call);
        } catch (RejectedExecutionException e) {
            var _ = Thread.ofPlatform().daemon().name("raft-rpc-late").start(call);
        }
    }

    private void count(AppendEntriesRequest append, long member, CompletableFuture<?> answer) {
        AppendTraffic traffic = network().traffic();
        traffic.sent(append.getSerializedSize());
        long begin = System.nanoTime();
        var _ =
                answer.whenComplete((_, failure) -> {
                    if (failure == null) {
                        traffic.answered(member, Duration.ofNanos(System.nanoTime() - begin));
                    } else {
                        traffic.failed(member);
                    }
                });
    }

    private static RemotingException remoting(Throwable failure) {
        GrpcException cause = GrpcException.from(failure);
        return cause.code() == GrpcCode.DEADLINE_EXCEEDED
                ? new InvokeTimeoutException(cause.getMessage(), cause)
                : new RemotingException(cause.getMessage(), cause);
    }
}
