package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.etcd.ctl.text.Quoting;
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
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * The store's v2 API: asks one endpoint after the other until one answers, or the time for a
 * command is over. A write whose answer was lost is not sent again.
 */
final class V2Store {
    static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** Something the store refused, or that no endpoint answered. */
    static final int FAILED = 4;

    private static final int SERVER_ERROR = 500;
    private static final Map<String, String> FORM =
            Map.of("Content-Type", "application/x-www-form-urlencoded");
    private static final Map<String, String> JSON_BODY = Map.of("Content-Type", "application/json");

    private final List<ListenUrl> endpoints;
    private final SSLContext tls;
    private final Optional<String> user;
    private final Patience patience;
    private final Consumer<String> debug;

    /**
     * A store.
     *
     * @param user NAME:PASSWORD
     * @param debug is told of every request
     */
    V2Store(
            List<ListenUrl> endpoints,
            SSLContext tls,
            Optional<String> user,
            Patience patience,
            Consumer<String> debug) {
        this.endpoints = List.copyOf(endpoints);
        this.tls = tls;
        this.user = user;
        this.patience = patience;
        this.debug = debug;
    }

    /**
     * How long is waited.
     *
     * @param answer for one endpoint's answer; zero: without limit
     * @param total for all endpoints together
     */
    record Patience(Duration answer, Duration total) {
        /** For an answer when so much of the total is left; at least what a socket can count. */
        Duration within(Duration left) {
            Duration shorter = answer.isZero() || left.compareTo(answer) < 0 ? left : answer;
            return shorter.toMillis() == 0 ? Duration.ofMillis(1) : shorter;
        }
    }

    /** No endpoint answered, or none in time. */
    private static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean unreached;

        /**
         * @param unreached whether it was for each endpoint that the network failed
         */
        Unanswered(String message, boolean unreached) {
            super(message);
            this.unreached = unreached;
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    List<ListenUrl> endpoints() {
        return endpoints;
    }

    /** The members that the cluster tells, instead of those that were given; there may be none. */
    V2Store synced() throws CtlFailure {
        Reply reply;
        try {
            reply = ask("GET", MemberCommands.MEMBERS, JSON_BODY, "", false);
        } catch (Unanswered e) {
            if (e.unreached) {
                throw V2Failure.ofKeys(ExitStatus.BAD_CONNECTION, e.words());
            }
            return this; // as etcdctl: what is asked next tells why
        }
        var urls = new TreeSet<String>();
        for (JsonNode member : reply.json().path("members")) {
            member.path("clientURLs").forEach(url -> urls.add(url.asText()));
        }
        if (reply.status() >= 300) {
            // As etcdctl: then the endpoints that were given will have to do.
            return this;
        }
        return new V2Store(
                urls.stream().map(ListenUrl::parse).toList(), tls, user, patience, debug);
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
        return answer(method, keyTarget(method, key, form), body(method, form), false);
    }

    /** Waits for a change, however long it takes. */
    V2Answer wait(String key, SequencedMap<String, String> query) throws CtlFailure {
        return answer("GET", keyTarget("GET", key, query), "", true);
    }

    private V2Answer answer(String method, String target, String body, boolean follow)
            throws CtlFailure {
        try {
            return answer(ask(method, target, FORM, body, follow));
        } catch (Unanswered e) {
            throw V2Failure.ofKeys(FAILED, e.words());
        }
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
        try {
            return ask(method, target, JSON_BODY, json, false);
        } catch (Unanswered e) {
            throw V2Failure.plain(e.words());
        }
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
            throws Unanswered {
        var failures = new ArrayList<String>();
        boolean unreached = true;
        long until = System.nanoTime() + patience.total().toNanos();
        for (ListenUrl endpoint : endpoints) {
            var left = Duration.ofNanos(until - System.nanoTime());
            if (!follow && !left.isPositive()) {
                throw new Unanswered("context deadline exceeded", true);
            }
            tell(endpoint, method, target, body);
            try {
                Reply reply =
                        ask(
                                endpoint,
                                method,
                                target,
                                headers,
                                body,
                                follow ? Optional.empty() : Optional.of(patience.within(left)));
                boolean another = !endpoint.equals(endpoints.getLast()) && method.equals("GET");
                if (!another || reply.status() < SERVER_ERROR) {
                    return reply;
                }
                failures.add("error #%d: %s".formatted(failures.size(), reply.body().strip()));
                unreached = false;
            } catch (IOException e) {
                failures.add("error #%d: %s".formatted(failures.size(), e.getMessage()));
                unreached &= !ofTls(e);
                boolean reached = !String.valueOf(e.getMessage()).startsWith("cannot reach");
                if (reached && !method.equals("GET")) {
                    break;
                }
            }
        }
        throw new Unanswered(
                "client: etcd cluster is unavailable or misconfigured; "
                        + String.join("\n", failures),
                unreached);
    }

    private static boolean ofTls(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    private void tell(ListenUrl endpoint, String method, String target, String body) {
        debug.accept(
                "cURL Command: curl -X %s %s%s%s"
                        .formatted(
                                method,
                                endpoint,
                                target,
                                body.isEmpty()
                                        ? ""
                                        : " -d " + Quoting.quote(ByteText.ofText(body))));
    }

    /** One endpoint's answer. */
    Reply ask(ListenUrl endpoint, String target) throws IOException {
        return ask(
                endpoint,
                "GET",
                target,
                Map.of(),
                "",
                Optional.of(patience.within(patience.total())));
    }

    private Reply ask(
            ListenUrl endpoint,
            String method,
            String target,
            Map<String, String> headers,
            String body,
            Optional<Duration> timeout)
            throws IOException {
        var all = new HashMap<>(headers);
        user.ifPresent(words ->
                all.put(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(words.getBytes(StandardCharsets.UTF_8))));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (var http = BlockingHttp.over(endpoint, tls, timeout.orElse(patience.answer()));
                var response =
                        timeout.isEmpty()
                                ? http.follow(method, target, all, bytes)
                                : http.send(method, target, all, bytes)) {
            String index = response.header("X-Etcd-Index");
            return new Reply(
                    response.status(), index == null ? 0 : Long.parseLong(index), response.text());
        }
    }
}
