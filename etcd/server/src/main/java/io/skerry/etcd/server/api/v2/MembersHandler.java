package io.skerry.etcd.server.api.v2;

import com.google.protobuf.ByteString;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.v2store.NodeErrorException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code /v2/members} and {@code /v2/machines}. */
final class MembersHandler {
    private static final String PREFIX = "/v2/members";

    private final ReplicatedLog log;
    private final AccessControl access;

    MembersHandler(ReplicatedLog log, AccessControl access) {
        this.log = log;
        this.access = access;
    }

    HttpReply members(HttpCall call) throws InterruptedException {
        try {
            if (!call.method().equals("GET") && !access.root(call)) {
                return Replies.noCredentials();
            }
        } catch (NodeErrorException e) {
            return Replies.error(log.status(), e.error());
        }
        var status = log.status();
        return switch (call.method()) {
            case "GET" -> get(status, call.path().substring(PREFIX.length()));
            case "POST", "PUT", "DELETE" ->
                    Replies.error(
                            501,
                            status,
                            "members cannot be changed through the v2 API; use etcdctl with"
                                    + " ETCDCTL_API=3");
            default -> Replies.methodNotAllowed("GET", "POST", "DELETE", "PUT");
        };
    }

    private static HttpReply get(RaftStatus status, String rest) {
        return switch (rest) {
            case "", "/" -> {
                String all =
                        status.members().stream()
                                .map(MembersHandler::json)
                                .collect(Collectors.joining(","));
                yield Replies.json(status, "{\"members\":[" + all + "]}\n");
            }
            case "/leader" ->
                    status.members().stream()
                            .filter(member -> member.id() == status.leaderId())
                            .findFirst()
                            .map(leader -> Replies.json(status, json(leader) + "\n"))
                            .orElseGet(() -> Replies.error(503, status, "During election"));
            default -> Replies.error(404, status, "Not found");
        };
    }

    private static String json(RaftStatus.Member member) {
        return "{\"id\":%s,\"name\":%s,\"peerURLs\":%s,\"clientURLs\":%s}"
                .formatted(
                        JsonText.quoted(Long.toHexString(member.id())),
                        JsonText.quoted(member.name()),
                        json(member.peerUrls()),
                        json(member.clientUrls()));
    }

    private static String json(List<String> urls) {
        return urls.stream().map(JsonText::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    /** The client URLs of all members, as clients older than {@code /v2/members} read them. */
    HttpReply machines(HttpCall call) {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            return Replies.methodNotAllowed("GET", "HEAD");
        }
        String urls =
                log.status().members().stream()
                        .flatMap(member -> member.clientUrls().stream())
                        .sorted()
                        .collect(Collectors.joining(", "));
        return new HttpReply.Full(
                200,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                ByteString.copyFromUtf8(urls));
    }
}
