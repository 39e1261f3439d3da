package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.rpc.MemberName;
import io.skerry.etcd.server.consensus.rpc.MemberOptions;
import java.util.Map;

/**
 * How the library is set. Its defaults are for machines that serve hundreds of groups: many threads
 * and large rings for each. A member has one group, and a host little memory to spare.
 */
final class LibrarySettings {
    private static final Map<String, String> PROCESS_WIDE =
            Map.of(
                    "jraft.append.entries.threads.send", "2",
                    "jraft.closure.threadpool.size.min", "2",
                    "jraft.internal.closure.threadpool.size.min", "2",
                    "jraft.closure.threadpool.keepalive.seconds", "10");
    private static final int RING = 1024;
    private static final int RPC_THREADS = 6;
    private static final int SCHEDULER_THREADS = 2;

    private LibrarySettings() {}

    /** Sizes that the library reads once from system properties; an operator's own come first. */
    static void apply() {
        PROCESS_WIDE.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    static MemberOptions of(
            RaftOptions options,
            PeerNetwork network,
            LibraryStorage storage,
            MachineDriver driver) {
        int electionMillis = Math.toIntExact(options.electionTimeout().toMillis());
        int heartbeatMillis = Math.toIntExact(options.heartbeatInterval().toMillis());
        var members = new Configuration();
        options.members().forEach(member -> members.addPeer(MemberName.of(member.id())));

        var raft = new com.alipay.sofa.jraft.option.RaftOptions();
        raft.setSync(true);
        raft.setSyncMeta(true);
        raft.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
        raft.setElectionHeartbeatFactor(Math.max(2, electionMillis / heartbeatMillis));
        raft.setMaxElectionDelayMs(electionMillis);
        raft.setDisruptorBufferSize(RING);
        raft.setMaxReplicatorInflightMsgs(64);
        raft.setMaxBodySize(1 << 20);
        raft.setMaxAppendBufferSize(2 << 20);

        var node = new MemberOptions(network);
        node.setRaftOptions(raft);
        node.setFsm(driver);
        node.setServiceFactory(storage);
        node.setInitialConf(members);
        node.setElectionTimeoutMs(electionMillis);
        // Taken by count and bytes, see MachineDriver.
        node.setSnapshotIntervalSecs(0);
        node.setLogUri("log");
        node.setRaftMetaUri("vote");
        node.setSnapshotUri(options.directory().resolve("snapshot").toString());
        node.setDisableCli(true);
        node.setTimerPoolSize(SCHEDULER_THREADS);
        node.setRpcProcessorThreadPoolSize(RPC_THREADS);
        // The library dials under its lock when it becomes leader: a dead peer must not hold it.
        node.setRpcConnectTimeoutMs(Math.max(50, electionMillis / 5));
        node.setRpcDefaultTimeout(electionMillis * 2);
        return node;
    }
}
