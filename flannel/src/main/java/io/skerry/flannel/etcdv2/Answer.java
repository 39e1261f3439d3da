package io.skerry.flannel.etcdv2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.flannel.subnet.StoreException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalLong;

/** What the v2 API answers. */
sealed interface Answer {
    ObjectMapper MAPPER = new ObjectMapper();

    /** Of the whole store when it answered. */
    long index();

    /**
     * It was done, or has happened.
     *
     * @param index of the whole store when it answered
     */
    record Done(String action, Node node, long index) implements Answer {
        /** Whether the node, and what is below it, is no more. */
        boolean gone() {
            return switch (action) {
                case "delete", "expire", "compareAndDelete" -> true;
                default -> false;
            };
        }
    }

    /**
     * It was refused.
     *
     * @param code as etcd counts its errors
     * @param index of the whole store when it answered
     */
    record Refused(int code, String words, long index) implements Answer {
        static final int KEY_NOT_FOUND = 100;
        static final int COMPARE_FAILED = 101;
        static final int NODE_EXISTS = 105;
        static final int EVENT_INDEX_CLEARED = 401;

        StoreException failure() {
            return new StoreException("the store refuses: " + words + " (" + code + ")");
        }
    }

    /** Empty if the body is no answer of the API, as when something else serves there. */
    static Optional<Answer> of(HttpResponse<String> response) {
        try {
            JsonNode tree = MAPPER.readTree(response.body());
            if (tree.has("errorCode")) {
                return Optional.of(
                        new Refused(
                                tree.path("errorCode").asInt(),
                                tree.path("message").asText() + ": " + tree.path("cause").asText(),
                                tree.path("index").asLong()));
            }
            return tree.has("node")
                    ? Optional.of(
                            new Done(
                                    tree.path("action").asText(),
                                    Node.of(tree.path("node")),
                                    index(response.headers(), tree.path("node"))))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Without a header that can be read, the latest that is known of what was asked for. */
    private static long index(HttpHeaders headers, JsonNode node) {
        return index(headers)
                .orElseGet(() ->
                        node.findValues("modifiedIndex").stream()
                                .mapToLong(JsonNode::asLong)
                                .max()
                                .orElse(0));
    }

    /** What an answer's headers say of the store's index. */
    static OptionalLong index(HttpHeaders headers) {
        try {
            return OptionalLong.of(Long.parseLong(headers.firstValue("X-Etcd-Index").orElse("")));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
