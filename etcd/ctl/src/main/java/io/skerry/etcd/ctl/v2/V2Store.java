package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.etcd.ctl.failure.CtlFailure;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * The store's v2 API: asks one endpoint after the other until one answers. A write whose answer was
 * lost is not sent again.
 */
final class V2Store {
    static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** Something the store refused, or that no endpoint answered. */
    static final int FAILED = 4;

    private static final Map<String, String> FORM =
            Map.of("Content-Type", "application/x-www-form-urlencoded");
    private static final Map<String, String> JSON_BODY = Map.of("Content-Type", "application/json");

    private final List<ListenUrl> endpoints;
    private final SSLContext tls;
    private final Optional<String> user;
    private final Duration timeout;

    /**
     * A store.
     *
     * @param user NAME:PASSWORD
     */
    V2Store(List<ListenUrl> endpoints, SSLContext tls, Optional<String> user, Duration timeout) {
        this.endpoints = List.copyOf(endpoints);
        this.tls = tls;
        this.user = user;
        this.timeout = timeout;
    }

    /** A reply whose body was read. */
    record Reply(int status, long index, String body) {
        JsonNode json() throws CtlFailure {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw V2Failure.ofKeys(FAILED, "the store answered what is no JSON: " + body);
            }
        }
    }

    /** Asks about a key; refusals are failures in etcdctl's words. */
    V2Answer key(String method, String key, SequencedMap<String, String> form) throws CtlFailure {
        return answer(ask(method, keyTarget(method, key, form), FORM, body(method, form), false));
    }

    /** Waits for a change, however long it takes. */
    V2Answer wait(String key, SequencedMap<String, String> query) throws CtlFailure {
        return answer(ask("GET", keyTarget("GET", key, query), FORM, "", true));
    }

    private static String keyTarget(String method, String key, SequencedMap<String, String> form) {
        String path =
                Arrays.stream(key.split("/", -1))
                        .filter(part -> !part.isEmpty())
                        .map(part -> "/" + encoded(part))
                        .collect(Collectors.joining());
        boolean inQuery = method.equals("GET") || method.equals("DELETE");
        String query = inQuery && !form.isEmpty() ? "?" + encoded(form) : "";
        return "/v2/keys" + (path.isEmpty() ? "/" : path) + query;
    }

    private static String body(String method, SequencedMap<String, String> form) {
        return method.equals("PUT") || method.equals("POST") ? encoded(form) : "";
    }

    private static String encoded(SequencedMap<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static SequencedMap<String, String> form(String... namesAndValues) {
        var form = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return form;
    }

    private static V2Answer answer(Reply reply) throws CtlFailure {
        try {
            if (reply.status() < 300) {
                return JSON.readValue(reply.body(), V2Answer.class).at(reply.index());
            }
            JsonNode error = reply.json();
            if (error.has("errorCode")) {
                throw V2Failure.ofKeys(
                        FAILED,
                        "%d: %s (%s) [%d]"
                                .formatted(
                                        error.path("errorCode").asInt(),
                                        error.path("message").asText(),
                                        error.path("cause").asText(),
                                        error.path("index").asLong()));
            }
            throw V2Failure.ofKeys(FAILED, error.path("message").asText(reply.body()));
        } catch (JsonProcessingException e) {
            throw V2Failure.ofKeys(FAILED, "the store answered what is no JSON: " + reply.body());
        }
    }

    /** A request of the members' and users' APIs; refusals are the caller's to tell. */
    Reply call(String method, String target, String json) throws CtlFailure {
        return ask(method, target, JSON_BODY, json, false);
    }

    /** Such a request that must succeed: the store's message is the failure. */
    JsonNode must(String method, String target, String json) throws CtlFailure {
        Reply reply = call(method, target, json);
        if (reply.status() >= 300) {
            throw refusal(reply);
        }
        return reply.body().isBlank() ? JSON.nullNode() : reply.json();
    }

    static CtlFailure refusal(Reply reply) throws CtlFailure {
        return V2Failure.plain(reply.json().path("message").asText(reply.body()));
    }

    private Reply ask(
            String method, String target, Map<String, String> headers, String body, boolean follow)
            throws CtlFailure {
        var failures = new ArrayList<String>();
        for (ListenUrl endpoint : endpoints) {
            try {
                return ask(endpoint, method, target, headers, body, follow);
            } catch (IOException e) {
                failures.add("error #%d: %s".formatted(failures.size(), e.getMessage()));
                boolean reached = !String.valueOf(e.getMessage()).startsWith("cannot reach");
                if (reached && !method.equals("GET")) {
                    break;
                }
            }
        }
        throw V2Failure.ofKeys(
                FAILED,
                "client: etcd cluster is unavailable or misconfigured; "
                        + String.join("\n", failures));
    }

    /** One endpoint's answer. */
    Reply ask(ListenUrl endpoint, String target) throws IOException {
        return ask(endpoint, "GET", target, Map.of(), "", false);
    }

    private Reply ask(
            ListenUrl endpoint,
            String method,
            String target,
            Map<String, String> headers,
            String body,
            boolean follow)
            throws IOException {
        var all = new HashMap<>(headers);
        user.ifPresent(words ->
                all.put(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(words.getBytes(StandardCharsets.UTF_8))));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (var http = BlockingHttp.over(endpoint, tls, timeout);
                var response =
                        follow
                                ? http.follow(method, target, all, bytes)
                                : http.send(method, target, all, bytes)) {
            String index = response.header("X-Etcd-Index");
            return new Reply(
                    response.status(), index == null ? 0 : Long.parseLong(index), response.text());
        }
    }
}
