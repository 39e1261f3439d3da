package io.skerry.etcd.server.membership;

import io.skerry.base.http.ListenUrl;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The members with which a cluster begins, by name, each with its peer URLs. Ids follow from it as
 * in etcd: a member's from its URLs and the cluster's token, the cluster's from its members'.
 */
public record InitialCluster(String token, SequencedMap<String, List<String>> members) {
    public InitialCluster {
        var copy = new LinkedHashMap<String, List<String>>();
        members.forEach((name, urls) -> copy.put(name, urls.stream().sorted().toList()));
        members = copy;
    }

    /**
     * Reads {@code name=url,name=url}; a name may come several times, once for each of its URLs.
     *
     * @throws IllegalArgumentException says what is wrong, in one line
     */
    public static InitialCluster parse(String token, String text) {
        var members = new LinkedHashMap<String, List<String>>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(
                        "--initial-cluster: \"" + part + "\" must be NAME=URL");
            }
            String url = part.substring(equals + 1).strip();
            if (!(ListenUrl.parse(url) instanceof ListenUrl.Tcp)) {
                throw new IllegalArgumentException(
                        "--initial-cluster: \"" + url + "\" must be an http or https URL");
            }
            members.computeIfAbsent(part.substring(0, equals).strip(), n -> new ArrayList<>())
                    .add(url);
        }
        var cluster = new InitialCluster(token, members);
        if (cluster.ids().stream().distinct().count() != members.size()) {
            throw new IllegalArgumentException(
                    "--initial-cluster: two members have the same peer URLs in \"" + text + "\"");
        }
        return cluster;
    }

    private List<Long> ids() {
        return members.keySet().stream().map(this::memberId).toList();
    }

    /** The id of a member. */
    public long memberId(String name) {
        return MemberIds.initial(urls(name), token);
    }

    /** The id of the cluster. */
    public long clusterId() {
        return MemberIds.cluster(ids());
    }

    /** The list with which the cluster begins. */
    public MemberList list() {
        return MemberList.initial(
                clusterId(),
                members.keySet().stream()
                        .map(name -> new Member(memberId(name), name, urls(name), List.of()))
                        .toList());
    }

    /** Peer URLs of a member, sorted. */
    public List<String> urls(String name) {
        List<String> urls = members.get(name);
        if (urls == null) {
            throw new IllegalArgumentException(
                    "couldn't find local name \""
                            + name
                            + "\" in the initial cluster configuration \""
                            + this
                            + "\"; give the same name in --name and --initial-cluster");
        }
        return urls;
    }

    /**
     * Refuses a member that would tell others another address than they have been given.
     *
     * @throws IllegalArgumentException if the URLs are not those of the member
     */
    public void requireUrls(String name, Collection<String> advertised) {
        List<String> sorted = advertised.stream().sorted().toList();
        if (!urls(name).equals(sorted)) {
            throw new IllegalArgumentException(
                    "--initial-cluster has "
                            + name
                            + "="
                            + String.join(",", urls(name))
                            + " but --initial-advertise-peer-urls has "
                            + String.join(",", sorted)
                            + "; both must be the same");
        }
    }

    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        for (Map.Entry<String, List<String>> member : members.entrySet()) {
            member.getValue().forEach(url -> parts.add(member.getKey() + "=" + url));
        }
        return String.join(",", parts);
    }
}
