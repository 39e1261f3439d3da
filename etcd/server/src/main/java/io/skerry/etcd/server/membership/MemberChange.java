package io.skerry.etcd.server.membership;

import com.google.protobuf.ByteString;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** One change of who belongs to a cluster, as it stands in the log. Kinds are never renumbered. */
public sealed interface MemberChange {
    byte BEGIN = 1;
    byte ADD = 2;
    byte REMOVE = 3;
    byte UPDATE = 4;
    byte PROMOTE = 5;
    byte PUBLISH = 6;
    byte VERSION = 7;
    byte DOWNGRADE = 8;
    byte ALONE = 9;

    /** The members with which a cluster begins; void if it has begun. */
    record Begin(MemberList members) implements MemberChange {}

    /** A voter or a learner that has not been started. */
    record Add(Member member) implements MemberChange {}

    record Remove(long id) implements MemberChange {}

    /** Where peers find a member from now on. */
    record Update(long id, List<String> peerUrls) implements MemberChange {
        public Update {
            peerUrls = List.copyOf(peerUrls);
        }
    }

    /** A learner becomes a voter. */
    record Promote(long id) implements MemberChange {}

    /** A member tells its name and where it serves clients. */
    record Publish(long id, String name, List<String> clientUrls) implements MemberChange {
        public Publish {
            clientUrls = List.copyOf(clientUrls);
        }
    }

    /** What all members understand from now on, as the second number of etcd's version. */
    record Version(int version) implements MemberChange {}

    /** The version to which the members are to be taken back; 0 calls it off. */
    record Downgrade(int target) implements MemberChange {}

    /** Everybody but one member is removed at once, whatever the log's configuration was. */
    record Alone(long id) implements MemberChange {}

    default ByteString encode() {
        var bytes = ByteString.newOutput();
        try (var out = new DataOutputStream(bytes)) {
            switch (this) {
                case Begin(var members) -> {
                    out.writeByte(BEGIN);
                    members.write(out);
                }
                case Add(var member) -> {
                    out.writeByte(ADD);
                    MemberList.write(member, out);
                }
                case Remove(long id) -> {
                    out.writeByte(REMOVE);
                    out.writeLong(id);
                }
                case Update(long id, var urls) -> {
                    out.writeByte(UPDATE);
                    out.writeLong(id);
                    MemberList.write(urls, out);
                }
                case Promote(long id) -> {
                    out.writeByte(PROMOTE);
                    out.writeLong(id);
                }
                case Publish(long id, var name, var urls) -> {
                    out.writeByte(PUBLISH);
                    out.writeLong(id);
                    out.writeUTF(name);
                    MemberList.write(urls, out);
                }
                case Version(int version) -> {
                    out.writeByte(VERSION);
                    out.writeInt(version);
                }
                case Downgrade(int target) -> {
                    out.writeByte(DOWNGRADE);
                    out.writeInt(target);
                }
                case Alone(long id) -> {
                    out.writeByte(ALONE);
                    out.writeLong(id);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteString();
    }

    /**
     * Reads a change.
     *
     * @throws IOException if it is none that this version knows
     */
    static MemberChange decode(ByteString bytes) throws IOException {
        var in = new DataInputStream(bytes.newInput());
        byte kind = in.readByte();
        return switch (kind) {
            case BEGIN -> new Begin(MemberList.read(in));
            case ADD -> new Add(MemberList.readMember(in));
            case REMOVE -> new Remove(in.readLong());
            case UPDATE -> new Update(in.readLong(), MemberList.readStrings(in));
            case PROMOTE -> new Promote(in.readLong());
            case PUBLISH -> new Publish(in.readLong(), in.readUTF(), MemberList.readStrings(in));
            case VERSION -> new Version(in.readInt());
            case DOWNGRADE -> new Downgrade(in.readInt());
            case ALONE -> new Alone(in.readLong());
            default -> throw new IOException("a change of members of unknown kind " + kind);
        };
    }
}
