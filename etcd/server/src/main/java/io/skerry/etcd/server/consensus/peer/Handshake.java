package io.skerry.etcd.server.consensus.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * First bytes on a connection. The one who dials: magic u64, its {@link Versions}, cluster u64, its
 * member u64, the member it wants u64; all three are 0 if it only inquires about the cluster. The
 * answer: magic u64, one byte (0 welcome, 1 refused, 2 refused since the dialing member was removed
 * for ever), and then the {@link Versions} of the one who answers, or the reason in modified UTF-8.
 */
record Handshake(Versions versions, long clusterId, long from, long to) {
    private static final long MAGIC = 0x534b_5259_5045_4552L; // "SKRYPEER"
    private static final int WELCOME = 0;
    private static final int REFUSED = 1;
    private static final int REMOVED = 2;

    static Handshake inquiry(Versions versions) {
        return new Handshake(versions, 0, 0, 0);
    }

    boolean inquires() {
        return clusterId == 0 && from == 0 && to == 0;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        versions.write(out);
        out.writeLong(clusterId);
        out.writeLong(from);
        out.writeLong(to);
        out.flush();
    }

    static Handshake read(DataInputStream in) throws IOException {
        requireMagic(in);
        return new Handshake(Versions.read(in), in.readLong(), in.readLong(), in.readLong());
    }

    private static void requireMagic(DataInputStream in) throws IOException {
        if (in.readLong() != MAGIC) {
            throw new IOException("the other side does not speak the peers' protocol");
        }
    }

    static void welcome(DataOutputStream out, Versions own) throws IOException {
        out.writeLong(MAGIC);
        out.writeByte(WELCOME);
        own.write(out);
        out.flush();
    }

    static void refuse(DataOutputStream out, Refusal refusal) throws IOException {
        out.writeLong(MAGIC);
        out.writeByte(refusal.removed() ? REMOVED : REFUSED);
        out.writeUTF(refusal.reason());
        out.flush();
    }

    /** Returns the versions of the other side. */
    static Versions awaitWelcome(DataInputStream in) throws IOException {
        requireMagic(in);
        return switch (in.readByte()) {
            case WELCOME -> Versions.read(in);
            case REMOVED -> throw new RemovedException(in.readUTF());
            default -> throw new IOException("refused: " + in.readUTF());
        };
    }

    /**
     * Why a connection is not accepted.
     *
     * @param removed whether the other side is a member no longer and never will be
     */
    record Refusal(String reason, boolean removed) {}

    /** The cluster has removed this member. */
    static final class RemovedException extends IOException {
        private static final long serialVersionUID = 1L;

        RemovedException(String reason) {
            super("refused: " + reason);
        }
    }
}
