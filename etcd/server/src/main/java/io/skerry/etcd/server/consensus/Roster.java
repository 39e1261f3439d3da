package io.skerry.etcd.server.consensus;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who belongs to the cluster, as far as a member has applied the log.
 *
 * @param members all members, ordered by id
 * @param addresses where each is, by its id; names are resolved at each connect
 * @param removed ids of those who were members and never will be again
 * @param version of the cluster, as the second number of etcd's; 0 if it is not yet agreed
 * @param agreed whether this is what the log says, and not only what the member was started with
 */
public record Roster(
        List<RaftStatus.Member> members,
        Map<Long, List<InetSocketAddress>> addresses,
        Set<Long> removed,
        int version,
        boolean agreed) {
    public Roster {
        members = List.copyOf(members);
        addresses = Map.copyOf(addresses);
        removed = Set.copyOf(removed);
    }
}
