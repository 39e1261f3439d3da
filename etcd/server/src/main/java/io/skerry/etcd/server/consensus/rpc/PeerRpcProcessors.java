package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import io.skerry.etcd.server.consensus.peer.PeerChannel;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.PeerRequest;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves the library's requests of peers. Its administrative requests are not served: membership is
 * changed through the store's own API.
 */
public final class PeerRpcProcessors {
    private PeerRpcProcessors() {}

    /**
     * Registers the library's processors at a network that has not started.
     *
     * @param executor runs what is not log entries or heartbeats
     * @param contact notes when a leader is heard of
     * @return to be closed after the library has stopped
     */
    public static AutoCloseable register(
            PeerNetwork network, Executor executor, LeaderContact contact) {
        var append = new AppendEntriesRequestProcessor(executor);
        // A leader's entries and heartbeats are taken by the thread that reads them, which has
        // nothing else to do: with few calls in flight, waking another one costs more than taking
        // them. One at a time also where a leader's old connection ends beside its new one.
        var taking = new ReentrantLock();
        serve(
                network,
                append,
                call -> {
                    taking.lock();
                    try {
                        call.run();
                    } finally {
                        taking.unlock();
                    }
                },
                request -> contact.hears(request.getTerm()));
        serve(network, new GetFileRequestProcessor(executor), executor);
        serve(network, new InstallSnapshotRequestProcessor(executor), executor);
        serve(network, new RequestVoteRequestProcessor(executor), executor);
        serve(network, new PingRequestProcessor(executor), executor);
        serve(network, new TimeoutNowRequestProcessor(executor), executor);
        serve(network, new ReadIndexRequestProcessor(executor), executor);
        network.onChannelClosed(
                channel -> append.onClosed(channel.remote(), new ChannelConnection(channel)));
        return append::destroy;
    }

    private static <M extends Message> void serve(
            PeerNetwork network, RpcProcessor<M> processor, Executor executor) {
        serve(network, processor, executor, _ -> {});
    }

    /**
     * @param first is shown each request before it is handled, by the same thread
     */
    private static <M extends Message> void serve(
            PeerNetwork network, RpcProcessor<M> processor, Executor executor, Consumer<M> first) {
        network.handle(
                MessageTypes.number(processor.interest()),
                request -> {
                    Message message;
                    try {
                        message = MessageTypes.parse(request.type(), request.payload());
                    } catch (IOException e) {
                        request.channel().close("its request cannot be read: " + e.getMessage());
                        return;
                    }
                    if (message instanceof AppendEntriesRequest append
                            && append.getEntriesCount() > 0) {
                        network.traffic().received(append.getSerializedSize());
                    }
                    @SuppressWarnings("unchecked")
                    M typed = (M) message;
                    executor.execute(() -> {
                        first.accept(typed);
                        processor.handleRequest(new RequestContext(request), typed);
                    });
                });
    }

    private record RequestContext(PeerRequest request) implements RpcContext {
        @Override
        public void sendResponse(Object response) {
            var message = (Message) response;
            request.reply(MessageTypes.number(message), message);
        }

        @Override
        public Connection getConnection() {
            return new ChannelConnection(request.channel());
        }

        @Override
        public String getRemoteAddress() {
            return request.channel().remote();
        }
    }

    private record ChannelConnection(PeerChannel channel) implements Connection {
        @Override
        public @Nullable Object getAttribute(String key) {
            return channel.attributes().get(key);
        }

        @Override
        public void setAttribute(String key, Object value) {
            channel.attributes().put(key, value);
        }

        @Override
        public @Nullable Object setAttributeIfAbsent(String key, Object value) {
            return channel.attributes().putIfAbsent(key, value);
        }

        @Override
        public void close() {
            channel.close("the library gives it up");
        }
    }
}
