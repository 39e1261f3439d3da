package io.skerry.etcd.server.consensus.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.skerry.base.net.FreePorts;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.PeerOptions;
import io.skerry.etcd.server.consensus.peer.Versions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The library asks under a lock that its callback takes, too, and relies on the callback. */
class PeerRpcClientTest {
    private static final Message PING = PingRequest.newBuilder().setSendTimestamp(1).build();

    private final ReentrantLock lock = new ReentrantLock();

    /** What a callback is told, and that it is told by a thread that may wait for the lock. */
    private final class Callback implements InvokeCallback {
        private final Executor executor;
        private final CompletableFuture<Throwable> told = new CompletableFuture<>();

        Callback(Executor executor) {
            this.executor = executor;
        }

        @Override
        public void complete(Object result, Throwable failure) {
            assertThat(lock.isHeldByCurrentThread()).isFalse();
            lock.lock();
            try {
                told.complete(failure);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Executor executor() {
            return executor;
        }
    }

    private Throwable ask(Message request, Executor executor) throws Exception {
        return ask(request, executor, Map.of());
    }

    private Throwable ask(
            Message request, Executor executor, Map<Long, List<InetSocketAddress>> peers)
            throws Exception {
        try (var network =
                new PeerNetwork(new PeerOptions(1, 1, Versions.CURRENT, List.of(), peers, null))) {
            network.start();
            var client = new PeerRpcClient();
            client.init(new MemberOptions(network));
            var callback = new Callback(executor);
            lock.lock();
            try {
                client.invokeAsync(MemberName.of(2).getEndpoint(), request, null, callback, 60_000);
                assertThat(callback.told).isNotDone();
            } finally {
                lock.unlock();
            }
            return callback.told.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void peerThatCannotBeAskedIsToldByAnotherThread() throws Exception {
        assertThat(ask(PING, ForkJoinPool.commonPool()))
                .isInstanceOf(RemotingException.class)
                .hasMessageContaining("member 2 is not of this cluster");
    }

    @Test
    void callbackIsCalledAlthoughTheLibrarysThreadsHaveEnded() throws Exception {
        assertThat(
                        ask(
                                PING,
                                _ -> {
                                    throw new RejectedExecutionException("shut down");
                                }))
                .isInstanceOf(RemotingException.class);
    }

    @Test
    void answerToEntriesIsTakenByTheThreadThatReadsIt() throws Exception {
        var self = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next());
        var asker = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        var request =
                AppendEntriesRequest.newBuilder()
                        .setGroupId("g")
                        .setServerId("1:1")
                        .setPeerId("2:1")
                        .setTerm(1)
                        .setPrevLogIndex(0)
                        .setPrevLogTerm(0)
                        .setCommittedIndex(0)
                        .build();
        var answer = AppendEntriesResponse.newBuilder().setTerm(1).setSuccess(true).build();
        try (var follower =
                new PeerNetwork(
                        new PeerOptions(
                                1,
                                2,
                                Versions.CURRENT,
                                List.of(self),
                                Map.of(1L, List.of(asker)),
                                null))) {
            follower.handle(
                    MessageTypes.number(request),
                    received -> received.reply(MessageTypes.number(answer), answer));
            follower.start();
            // One that comes before the asker is through is handed over, and on a machine that
            // stands
            // still for a while none may come.
            boolean handedOver = true;
            for (int i = 0; i < 20 && handedOver; i++) {
                var handed = new AtomicBoolean();
                var failure =
                        ask(
                                request,
                                call -> {
                                    handed.set(true);
                                    call.run();
                                },
                                Map.of(2L, List.of(self)));
                handedOver = failure != null || handed.get();
            }
            assertThat(handedOver).isFalse();
        }
    }

    @Test
    void requestThatCannotBeSentThrowsNothingIntoTheLockedLibrary() throws Exception {
        assertThat(ask(Empty.getDefaultInstance(), ForkJoinPool.commonPool()))
                .isInstanceOf(RemotingException.class);
    }
}
