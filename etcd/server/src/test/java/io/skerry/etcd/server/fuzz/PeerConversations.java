package io.skerry.etcd.server.fuzz;

import io.skerry.etcd.server.FuzzedServer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** What a peer sends: the handshake, then frames; see the package of the peers' protocol. */
final class PeerConversations {
    private static final long MAGIC = 0x534b_5259_5045_4552L;
    private static final int VERSION = 2;
    private static final int CLUSTER_VERSION = 5;
    private static final int TYPES = 40;

    private final FuzzedServer server;

    PeerConversations(FuzzedServer server) {
        this.server = server;
    }

    private static byte[] hello(int version, long cluster, long from, long to) {
        return ByteBuffer.allocate(40)
                .putLong(MAGIC)
                .putShort((short) version)
                .putShort((short) version)
                .putShort((short) CLUSTER_VERSION)
                .putShort((short) CLUSTER_VERSION)
                .putLong(cluster)
                .putLong(from)
                .putLong(to)
                .array();
    }

    private byte[] soundHello() {
        return hello(VERSION, server.clusterId(), server.memberId(1), server.memberId(0));
    }

    private static byte[] frame(int length, int kind, long id, int type, byte[] payload) {
        return ByteBuffer.allocate(15 + payload.length)
                .putInt(length)
                .put((byte) kind)
                .putLong(id)
                .putShort((short) type)
                .put(payload)
                .array();
    }

    /** Frames of every type with payloads that mean nothing. */
    Conversation garbage(Random random) {
        byte[] payload = new byte[random.nextInt(40)];
        random.nextBytes(payload);
        int length = 11 + payload.length;
        return new Conversation(
                List.of(
                        soundHello(),
                        frame(length, 1, 1, random.nextInt(TYPES), payload),
                        frame(length, 1 + random.nextInt(3), 2, random.nextInt(TYPES), payload)));
    }

    List<Conversation> refused() {
        long cluster = server.clusterId();
        long other = server.memberId(1);
        long own = server.memberId(0);
        byte[] big = new byte[100];
        return List.of(
                new Conversation(List.of(hello(VERSION + 1, cluster, other, own))),
                new Conversation(List.of(hello(VERSION, cluster + 1, other, own))),
                new Conversation(List.of(hello(VERSION, cluster, other + 1, own))),
                new Conversation(List.of(hello(VERSION, cluster, other, own + 1))),
                new Conversation(List.of(new byte[36])),
                new Conversation(List.of(new byte[] {22, 3, 1, 2, 0, 1, 0, 1})),
                new Conversation(List.of(soundHello(), frame(Integer.MAX_VALUE, 1, 1, 1, big))),
                new Conversation(List.of(soundHello(), frame(-1, 1, 1, 1, big))),
                new Conversation(List.of(soundHello(), frame(0, 1, 1, 1, big))),
                new Conversation(List.of(soundHello(), frame(111, 9, 1, 1, big))),
                new Conversation(List.of(soundHello(), frame(111, 1, 1, 0xffff, big))),
                new Conversation(List.of(soundHello(), frame(5000, 1, 1, 1, big))));
    }

    /** Claims the largest frame there may be, and sends nothing of it. */
    byte[] claim() {
        return new Conversation(List.of(soundHello(), frame(64 << 20, 1, 1, 1, new byte[0])))
                .bytes();
    }
}
