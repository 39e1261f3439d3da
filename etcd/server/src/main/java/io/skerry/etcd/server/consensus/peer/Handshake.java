package io.skerry.etcd.server.consensus.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * First bytes on a connection. The one who dials: magic u64, version u32, cluster u64, its member
 * u64, the member it wants u64. The answer: magic u64, one byte that is 0 for welcome, and else a
 * reason in modified UTF-8.
 */
record Handshake(int version, long clusterId, long from, long to) {
    static final int VERSION = 1;
    private static final long MAGIC = 0x534b_5259_5045_4552L; // "SKRYPEER"

    void write(DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        out.writeInt(version);
        out.writeLong(clusterId);
        out.writeLong(from);
        out.writeLong(to);
        out.flush();
    }

    static Handshake read(DataInputStream in) throws IOException {
        requireMagic(in);
        return new Handshake(in.readInt(), in.readLong(), in.readLong(), in.readLong());
    }

    private static void requireMagic(DataInputStream in) throws IOException {
        if (in.readLong() != MAGIC) {
            throw new IOException("the other side does not speak the peers' protocol");
        }
    }

    static void welcome(DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        out.writeByte(0);
        out.flush();
    }

    static void refuse(DataOutputStream out, String reason) throws IOException {
        out.writeLong(MAGIC);
        out.writeByte(1);
        out.writeUTF(reason);
        out.flush();
    }

    static void awaitWelcome(DataInputStream in) throws IOException {
        requireMagic(in);
        if (in.readByte() != 0) {
            throw new IOException("refused: " + in.readUTF());
        }
    }
}
