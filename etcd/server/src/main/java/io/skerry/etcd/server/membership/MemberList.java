package io.skerry.etcd.server.membership;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import io.skerry.etcd.server.consensus.Roster;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to a cluster, who did, and what all understand: part of the replicated state. Changes
 * give a new list or are refused, on every member alike.
 *
 * @param clusterId cluster whose list it is
 * @param members ordered by id, unsigned
 * @param removed ids that are never given again
 * @param version second number of the cluster's version; 0 until it is agreed
 * @param downgradeTarget version to which members are being taken back; 0: none
 */
public record MemberList(
        long clusterId, List<Member> members, Set<Long> removed, int version, int downgradeTarget) {

    private static final int MAX_ENTRIES = 1 << 16;

    public MemberList {
        members = members.stream().sorted((a, b) -> Long.compareUnsigned(a.id(), b.id())).toList();
        removed = Set.copyOf(removed);
    }

    /** A list before anything is known. */
    public static MemberList empty() {
        return new MemberList(0, List.of(), Set.of(), 0, 0);
    }

    /** The members with which a cluster begins. */
    public static MemberList initial(long clusterId, Collection<Member> members) {
        return new MemberList(clusterId, List.copyOf(members), Set.of(), 0, 0);
    }

    public @Nullable Member find(long id) {
        return members.stream().filter(member -> member.id() == id).findFirst().orElse(null);
    }

    private Member require(long id) throws GrpcException {
        Member member = find(id);
        if (member == null) {
            throw MemberRefusal.NOT_FOUND.exception();
        }
        return member;
    }

    /** Those who vote. */
    public List<Member> voters() {
        return members.stream().filter(member -> !member.learner()).toList();
    }

    /**
     * Refuses one more learner than there may be. Asked by the leader alone: what it allows holds
     * for all members, whatever each of them was told to allow.
     */
    public void requireFewerLearnersThan(int most) throws GrpcException {
        if (members.size() - voters().size() >= most) {
            throw MemberRefusal.TOO_MANY_LEARNERS.exception();
        }
    }

    /**
     * The list after a change.
     *
     * @throws GrpcException why the change is refused, in etcd's words
     */
    public MemberList after(MemberChange change) throws GrpcException {
        // A change of nothing would be the whole list, and the cluster would never begin.
        if (members.isEmpty() && !(change instanceof MemberChange.Begin)) {
            throw MemberRefusal.NOT_BEGUN.exception();
        }
        return switch (change) {
            case MemberChange.Begin(var first) -> members.isEmpty() ? first : this;
            case MemberChange.Add(var member) -> added(member);
            case MemberChange.Remove(long id) -> without(require(id));
            case MemberChange.Update(long id, var urls) -> {
                require(id);
                refuseTaken(urls, id);
                yield replaced(
                        id, m -> new Member(id, m.name(), urls, m.clientUrls(), m.learner()));
            }
            case MemberChange.Promote(long id) -> {
                if (!require(id).learner()) {
                    throw MemberRefusal.NOT_LEARNER.exception();
                }
                yield replaced(id, m -> new Member(id, m.name(), m.peerUrls(), m.clientUrls()));
            }
            case MemberChange.Publish(long id, var name, var urls) -> {
                require(id);
                yield replaced(id, m -> new Member(id, name, m.peerUrls(), urls, m.learner()));
            }
            case MemberChange.Version(int now) ->
                    new MemberList(clusterId, members, removed, now, downgradeTarget);
            case MemberChange.Downgrade(int target) -> downgrading(target);
            case MemberChange.Alone(long id) -> {
                var gone = new TreeSet<>(removed);
                members.stream().map(Member::id).filter(other -> other != id).forEach(gone::add);
                yield new MemberList(clusterId, List.of(require(id)), gone, version, 0);
            }
        };
    }

    private MemberList added(Member member) throws GrpcException {
        if (find(member.id()) != null || removed.contains(member.id())) {
            throw MemberRefusal.ID_EXISTS.exception();
        }
        refuseTaken(member.peerUrls(), member.id());
        var more = new ArrayList<>(members);
        more.add(member);
        return withMembers(more);
    }

    private MemberList without(Member member) {
        var gone = new TreeSet<>(removed);
        gone.add(member.id());
        var left = new ArrayList<>(members);
        left.remove(member);
        return new MemberList(clusterId, left, gone, version, downgradeTarget);
    }

    private MemberList downgrading(int target) throws GrpcException {
        if (target == 0 && downgradeTarget == 0) {
            throw MemberRefusal.NO_DOWNGRADE.exception();
        }
        if (target != 0 && target != version - 1) {
            throw MemberRefusal.BAD_DOWNGRADE_TARGET.exception();
        }
        if (target != 0 && downgradeTarget != 0) {
            throw MemberRefusal.DOWNGRADE_IN_PROGRESS.exception();
        }
        return new MemberList(clusterId, members, removed, version, target);
    }

    private void refuseTaken(List<String> urls, long except) throws GrpcException {
        for (Member member : members) {
            if (member.id() != except && member.peerUrls().stream().anyMatch(urls::contains)) {
                throw MemberRefusal.URL_EXISTS.exception();
            }
        }
    }

    private MemberList replaced(long id, UnaryOperator<Member> change) {
        return withMembers(members.stream().map(m -> m.id() == id ? change.apply(m) : m).toList());
    }

    private MemberList withMembers(List<Member> now) {
        return new MemberList(clusterId, now, removed, version, downgradeTarget);
    }

    /**
     * As consensus needs it.
     *
     * @param agreed whether it is what the log says
     */
    public Roster roster(boolean agreed) {
        Map<Long, List<InetSocketAddress>> addresses = new HashMap<>();
        members.forEach(member ->
                addresses.put(
                        member.id(), member.peerUrls().stream().map(MemberList::address).toList()));
        return new Roster(members, addresses, removed, version, agreed);
    }

    /** Host and port of a peer URL; the name is not resolved. */
    public static InetSocketAddress address(String peerUrl) {
        URI url = URI.create(peerUrl);
        String host = url.getHost();
        return InetSocketAddress.createUnresolved(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host, url.getPort());
    }

    public ByteString encode() {
        var bytes = ByteString.newOutput();
        try (var out = new DataOutputStream(bytes)) {
            write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteString();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IOException if it is damaged
     */
    public static MemberList decode(ByteString bytes) throws IOException {
        return read(new DataInputStream(bytes.newInput()));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(clusterId);
        out.writeInt(version);
        out.writeInt(downgradeTarget);
        out.writeInt(members.size());
        for (Member member : members) {
            write(member, out);
        }
        out.writeInt(removed.size());
        for (long id : new TreeSet<>(removed)) {
            out.writeLong(id);
        }
    }

    static MemberList read(DataInputStream in) throws IOException {
        long clusterId = in.readLong();
        int version = in.readInt();
        int target = in.readInt();
        var members = new ArrayList<Member>();
        for (int left = count(in); left > 0; left--) {
            members.add(readMember(in));
        }
        var removed = new TreeSet<Long>();
        for (int left = count(in); left > 0; left--) {
            removed.add(in.readLong());
        }
        return new MemberList(clusterId, members, removed, version, target);
    }

    static void write(Member member, DataOutputStream out) throws IOException {
        out.writeLong(member.id());
        out.writeUTF(member.name());
        write(member.peerUrls(), out);
        write(member.clientUrls(), out);
        out.writeBoolean(member.learner());
    }

    static Member readMember(DataInputStream in) throws IOException {
        return new Member(
                in.readLong(), in.readUTF(), readStrings(in), readStrings(in), in.readBoolean());
    }

    static void write(List<String> strings, DataOutputStream out) throws IOException {
        out.writeInt(strings.size());
        for (String string : strings) {
            out.writeUTF(string);
        }
    }

    static List<String> readStrings(DataInputStream in) throws IOException {
        var strings = new ArrayList<String>();
        for (int left = count(in); left > 0; left--) {
            strings.add(in.readUTF());
        }
        return strings;
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_ENTRIES) {
            throw new IOException("the list of members is damaged: " + count + " entries");
        }
        return count;
    }
}
