package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.base.http.ListenUrl;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The commands about members. */
final class MemberCommands {
    static final String MEMBERS = "/v2/members";
    private static final int UNHEALTHY = 5;

    private static final long PAUSE_SECONDS = 10;

    static final List<Flag> HEALTH_FLAGS =
            List.of(Flag.on("forever", "again every 10 seconds").letter('f'));

    private MemberCommands() {}

    private static List<JsonNode> members(V2Invocation line) throws CtlFailure {
        var members = new ArrayList<JsonNode>();
        line.store().must("GET", MEMBERS, "").path("members").forEach(members::add);
        return members;
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static void list(V2Invocation line) throws CtlFailure {
        if (!line.words().isEmpty()) {
            throw V2Failure.plain("No arguments accepted");
        }
        String leader = line.store().must("GET", MEMBERS + "/leader", "").path("id").asText();
        for (JsonNode member : members(line)) {
            String id = member.path("id").asText();
            String name = member.path("name").asText();
            String peers = String.join(",", texts(member.path("peerURLs")));
            line.line(
                    name.isEmpty()
                            ? "%s[unstarted]: peerURLs=%s".formatted(id, peers)
                            : "%s: name=%s peerURLs=%s clientURLs=%s isLeader=%s"
                                    .formatted(
                                            id,
                                            name,
                                            peers,
                                            String.join(",", texts(member.path("clientURLs"))),
                                            id.equals(leader)));
        }
    }

    static void add(V2Invocation line) throws CtlFailure {
        if (line.words().size() != 2) {
            throw V2Failure.plain("Provide a name and a single member peerURL");
        }
        String name = line.word(0, "");
        String url = line.word(1, "");
        String id =
                line.store()
                        .must("POST", MEMBERS, "{\"peerURLs\":" + Json.list(List.of(url)) + "}")
                        .path("id")
                        .asText();
        line.line("Added member named %s with ID %s to cluster%n".formatted(name, id));
        String cluster =
                members(line).stream()
                        .flatMap(member -> {
                            String called =
                                    member.path("id").asText().equals(id)
                                            ? name
                                            : member.path("name").asText();
                            return texts(member.path("peerURLs")).stream()
                                    .map(peer -> called + "=" + peer);
                        })
                        .collect(Collectors.joining(","));
        line.line("ETCD_NAME=\"" + name + "\"");
        line.line("ETCD_INITIAL_CLUSTER=\"" + cluster + "\"");
        line.line("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
    }

    static void remove(V2Invocation line) throws CtlFailure {
        if (line.words().size() != 1) {
            throw V2Failure.plain("Provide a single member ID");
        }
        String id = line.word(0, "");
        if (members(line).stream().noneMatch(member -> member.path("id").asText().equals(id))) {
            throw V2Failure.plain(
                    "Couldn't find a member in the cluster with an ID of " + id + ".");
        }
        line.store().must("DELETE", MEMBERS + "/" + id, "");
        line.line("Removed member " + id + " from cluster");
    }

    static void update(V2Invocation line) throws CtlFailure {
        if (line.words().size() != 2) {
            throw V2Failure.plain(
                    "Provide an ID and a list of comma separated peerURL"
                            + " (0xabcd http://example.com,http://example1.com)");
        }
        String id = line.word(0, "");
        var urls = List.of(line.word(1, "").split(",", -1));
        line.store().must("PUT", MEMBERS + "/" + id, "{\"peerURLs\":" + Json.list(urls) + "}");
        line.line("Updated member with ID " + id + " in cluster");
    }

    static void health(V2Invocation line) throws CtlFailure, InterruptedException {
        List<JsonNode> members;
        try {
            members = members(line);
        } catch (CtlFailure e) {
            line.line("cluster may be unhealthy: failed to list members");
            throw V2Failure.ofKeys(V2Store.FAILED, e.words());
        }
        while (line.on("forever")) {
            boolean _ = check(line, members);
            line.line("%nnext check after 10 second...%n".formatted());
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        }
        if (!check(line, members)) {
            throw CtlFailure.told(UNHEALTHY);
        }
    }

    private static boolean check(V2Invocation line, List<JsonNode> members) {
        int well = 0;
        for (JsonNode member : members) {
            well += healthy(line, member) ? 1 : 0;
        }
        line.line(
                "cluster is "
                        + (well == members.size()
                                ? "healthy"
                                : well > 0 ? "degraded" : "unavailable"));
        return well == members.size();
    }

    private static boolean healthy(V2Invocation line, JsonNode member) {
        String id = member.path("id").asText();
        var urls = texts(member.path("clientURLs"));
        if (urls.isEmpty()) {
            line.line("member " + id + " is unreachable: no available published client urls");
            return false;
        }
        for (String url : urls) {
            try {
                var reply = line.store().ask(ListenUrl.parse(url), "/health");
                boolean well = reply.json().path("health").asText().equals("true");
                line.line(
                        "member %s is %shealthy: got %shealthy result from %s"
                                .formatted(id, well ? "" : "un", well ? "" : "un", url));
                return well;
            } catch (IOException | CtlFailure e) {
                line.line(
                        "failed to check the health of member %s on %s: %s"
                                .formatted(id, url, e.getMessage()));
            }
        }
        line.line(
                "member %s is unreachable: [%s] are all unreachable"
                        .formatted(id, String.join(" ", urls)));
        return false;
    }
}
