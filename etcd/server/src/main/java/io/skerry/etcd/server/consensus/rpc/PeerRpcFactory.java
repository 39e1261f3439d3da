package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;
import org.jspecify.annotations.Nullable;

/** Makes the library's clients; found by it as a service before its own factory. */
@SPI(name = "skerry", priority = 100)
public final class PeerRpcFactory implements RaftRpcFactory {
    /** For the library's service loader. */
    public PeerRpcFactory() {}

    @Override
    public void registerProtobufSerializer(String className, Object... args) {
        // Messages are known by number, see MessageTypes.
    }

    @Override
    public RpcClient createRpcClient(@Nullable ConfigHelper<RpcClient> helper) {
        return new PeerRpcClient();
    }

    @Override
    public RpcServer createRpcServer(Endpoint endpoint, @Nullable ConfigHelper<RpcServer> helper) {
        throw new UnsupportedOperationException(
                "requests are served by PeerRpcProcessors on the member's own network");
    }
}
