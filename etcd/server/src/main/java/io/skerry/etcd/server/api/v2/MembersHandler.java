package io.skerry.etcd.server.api.v2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.etcd.server.cluster.ClusterChanges;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.membership.MemberRefusal;
import io.skerry.etcd.server.v2store.NodeErrorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /v2/members} and {@code /v2/machines}. */
final class MembersHandler {
    private static final String PREFIX = "/v2/members";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ReplicatedLog log;
    private final ClusterChanges changes;
    private final AccessControl access;
    private final List<String> ownClientUrls;

    /**
     * @param ownClientUrls where this member serves clients
     */
    MembersHandler(
            ReplicatedLog log,
            ClusterChanges changes,
            AccessControl access,
            List<String> ownClientUrls) {
        this.log = log;
        this.changes = changes;
        this.access = access;
        this.ownClientUrls = List.copyOf(ownClientUrls);
    }

    HttpReply members(HttpCall call) throws InterruptedException {
        try {
            if (!call.method().equals("GET") && !access.root(call)) {
                return Replies.noCredentials();
            }
        } catch (NodeErrorException e) {
            return Replies.error(log.status(), e.error());
        }
        String rest = call.path().substring(PREFIX.length()).replaceFirst("^/", "");
        return switch (call.method()) {
            case "GET" -> get(log.status(), rest);
            case "POST" -> add(call);
            case "PUT" -> change(rest, id -> update(call, id));
            case "DELETE" -> change(rest, this::remove);
            default -> Replies.methodNotAllowed("GET", "POST", "DELETE", "PUT");
        };
    }

    private HttpReply get(RaftStatus status, String rest) {
        return switch (rest) {
            case "" -> {
                String all =
                        status.members().stream()
                                .map(member -> json(status, member))
                                .collect(Collectors.joining(","));
                yield Replies.json(status, "{\"members\":[" + all + "]}\n");
            }
            case "leader" ->
                    status.members().stream()
                            .filter(member -> member.id() == status.leaderId())
                            .findFirst()
                            .map(leader -> Replies.json(status, json(status, leader) + "\n"))
                            .orElseGet(() -> Replies.error(503, status, "During election"));
            default -> Replies.error(404, status, "Not found");
        };
    }

    private HttpReply add(HttpCall call) throws InterruptedException {
        return withUrls(
                call,
                urls ->
                        changes.add(urls, false)
                                .thenApply(added ->
                                        reply(201, json(log.status(), added.member()) + "\n")),
                "");
    }

    private HttpReply update(HttpCall call, String id) throws InterruptedException {
        return withUrls(
                call,
                urls ->
                        changes.update(Long.parseUnsignedLong(id, 16), urls)
                                .thenApply(_ -> reply(204, "")),
                id);
    }

    private HttpReply remove(String id) throws InterruptedException {
        return answer(
                changes.remove(Long.parseUnsignedLong(id, 16)).thenApply(_ -> reply(204, "")), id);
    }

    @FunctionalInterface
    private interface Change {
        HttpReply of(String id) throws InterruptedException;
    }

    private HttpReply change(String id, Change change) throws InterruptedException {
        if (id.isEmpty()) {
            return Replies.methodNotAllowed(log.status());
        }
        return id.matches("[0-9a-fA-F]{1,16}") ? change.of(id) : unknown(id);
    }

    private HttpReply unknown(String id) {
        return Replies.error(404, log.status(), "No such member: " + id);
    }

    /** Reads the body's peer URLs, or says what is wrong with it. */
    private HttpReply withUrls(
            HttpCall call, Function<List<String>, CompletableFuture<HttpReply>> change, String id)
            throws InterruptedException {
        String type = call.header("content-type");
        String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals(Replies.JSON)) {
            return Replies.error(
                    415, log.status(), "Bad Content-Type " + media + ", accept application/json");
        }
        var urls = urls(call.bodyText());
        return urls == null
                ? Replies.error(
                        400, log.status(), "the body must be {\"peerURLs\":[\"http://host:port\"]}")
                : answer(change.apply(urls), id);
    }

    private static @Nullable List<String> urls(String body) {
        JsonNode list;
        try {
            list = JSON.readTree(body).get("peerURLs");
        } catch (JsonProcessingException e) {
            return null;
        }
        if (list == null || !list.isArray()) {
            return null;
        }
        var urls = new ArrayList<String>();
        for (var url : list) {
            urls.add(url.asText());
        }
        return urls;
    }

    private HttpReply answer(CompletableFuture<HttpReply> change, String id)
            throws InterruptedException {
        try {
            return change.get();
        } catch (ExecutionException e) {
            return refused(String.valueOf(GrpcException.from(e).getMessage()), id);
        }
    }

    private HttpReply refused(String message, String id) throws InterruptedException {
        var status = log.status();
        if (message.equals(MemberRefusal.NOT_FOUND.message())) {
            return removedBefore(id)
                    ? Replies.error(410, status, "Member permanently removed: " + id)
                    : unknown(id);
        }
        if (message.equals(MemberRefusal.ID_EXISTS.message())) {
            return Replies.error(409, status, "membership: ID exists");
        }
        if (message.equals(MemberRefusal.URL_EXISTS.message())) {
            return Replies.error(409, status, "membership: peerURL exists");
        }
        if (message.equals(MemberRefusal.BAD_URLS.message())) {
            return Replies.error(
                    400,
                    status,
                    "peerURLs must be http or https URLs with host and port, each once");
        }
        // etcd says no more than "Internal Server Error" here.
        return Replies.error(500, status, message);
    }

    private boolean removedBefore(String id) throws InterruptedException {
        try {
            return changes.list(false).get().removed().contains(Long.parseUnsignedLong(id, 16));
        } catch (ExecutionException e) {
            return false;
        }
    }

    private HttpReply reply(int status, String json) {
        return Replies.full(
                status, Replies.headers(log.status()), json.getBytes(StandardCharsets.UTF_8));
    }

    private String json(RaftStatus status, RaftStatus.Member member) {
        return "{\"id\":%s,\"name\":%s,\"peerURLs\":%s,\"clientURLs\":%s}"
                .formatted(
                        JsonText.quoted(Long.toHexString(member.id())),
                        JsonText.quoted(member.name()),
                        json(member.peerUrls()),
                        json(clientUrls(status, member)));
    }

    /**
     * Clients go on with the URLs from here alone, and fail if there are none. So a member that
     * serves tells its own also while its log does not yet: etcd's serves only afterwards.
     */
    private List<String> clientUrls(RaftStatus status, RaftStatus.Member member) {
        return member.id() == status.memberId() && member.clientUrls().isEmpty()
                ? ownClientUrls
                : member.clientUrls();
    }

    private static String json(List<String> urls) {
        return urls.stream().map(JsonText::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    /** The client URLs of all members, as clients older than {@code /v2/members} read them. */
    HttpReply machines(HttpCall call) {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            return Replies.methodNotAllowed("GET", "HEAD");
        }
        var status = log.status();
        String urls =
                status.members().stream()
                        .flatMap(member -> clientUrls(status, member).stream())
                        .sorted()
                        .collect(Collectors.joining(", "));
        return new HttpReply.Full(
                200,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                ByteString.copyFromUtf8(urls));
    }
}
