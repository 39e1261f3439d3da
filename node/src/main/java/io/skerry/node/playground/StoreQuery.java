package io.skerry.node.playground;

import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks every member of a store how it is, through etcd's API. */
final class StoreQuery implements AutoCloseable {
    /**
     * @param role leader, follower, or unreachable
     * @param id hexadecimal, as etcd's clients show it; empty if no member knows it
     */
    record Member(String host, String url, String id, String role, long revision) {}

    private final Network network = Network.start(1);
    private final Map<ClusterAccess.Entrance, NetworkTransport> members = new LinkedHashMap<>();
    private final List<ClusterAccess.Entrance> entrances;
    private final Duration limit;

    /** Each call may take as long as the limit. */
    StoreQuery(ClusterAccess access, Duration limit) throws IOException {
        this.limit = limit;
        this.entrances =
                access.hosts().stream().filter(ClusterAccess.Entrance::storeMember).toList();
        for (ClusterAccess.Entrance entrance : entrances) {
            if (entrance.running()) {
                var url = List.of(URI.create(entrance.storeUrl()));
                var options = NetworkTransport.Options.of(url, access.tls());
                members.put(entrance, new NetworkTransport(network, options));
            }
        }
    }

    List<Member> members() {
        var asked = new LinkedHashMap<ClusterAccess.Entrance, CompletableFuture<StatusResponse>>();
        members.forEach((entrance, transport) ->
                asked.put(
                        entrance,
                        transport.unary(
                                EtcdMethods.STATUS, StatusRequest.getDefaultInstance(), limit)));
        var answers = new LinkedHashMap<ClusterAccess.Entrance, Optional<StatusResponse>>();
        asked.forEach((entrance, status) -> answers.put(entrance, answered(status)));
        var ids = ids(answers);
        var found = new ArrayList<Member>();
        for (ClusterAccess.Entrance entrance : entrances) {
            found.add(
                    answers.getOrDefault(entrance, Optional.empty())
                            .map(status -> member(entrance, status))
                            .orElseGet(() -> unreachable(entrance, ids)));
        }
        return found;
    }

    /** Ids of all members by name, as one of those knows them that answered. */
    private Map<String, String> ids(Map<ClusterAccess.Entrance, Optional<StatusResponse>> answers) {
        var ids = new HashMap<String, String>();
        for (var entry : answers.entrySet()) {
            NetworkTransport transport = members.get(entry.getKey());
            if (entry.getValue().isPresent() && transport != null && ids.isEmpty()) {
                var request = MemberListRequest.getDefaultInstance();
                answered(transport.unary(EtcdMethods.MEMBER_LIST, request, limit))
                        .ifPresent(list ->
                                list.getMembersList()
                                        .forEach(m -> ids.put(m.getName(), hex(m.getID()))));
            }
        }
        return ids;
    }

    private static Member unreachable(ClusterAccess.Entrance entrance, Map<String, String> ids) {
        String id = ids.getOrDefault(entrance.host(), "");
        return new Member(entrance.host(), entrance.storeUrl(), id, "unreachable", 0);
    }

    private static String hex(long id) {
        return Long.toHexString(id);
    }

    private static Member member(ClusterAccess.Entrance entrance, StatusResponse status) {
        long self = status.getHeader().getMemberId();
        return new Member(
                entrance.host(),
                entrance.storeUrl(),
                hex(self),
                status.getLeader() == self ? "leader" : "follower",
                status.getHeader().getRevision());
    }

    private static <T> Optional<T> answered(CompletableFuture<T> answer) {
        try {
            return Optional.of(answer.join());
        } catch (CompletionException e) {
            return Optional.empty(); // which members did not answer is what we tell
        }
    }

    @Override
    public void close() {
        members.values().forEach(NetworkTransport::close);
        network.close();
    }
}
