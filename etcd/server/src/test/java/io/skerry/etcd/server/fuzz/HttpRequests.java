package io.skerry.etcd.server.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Requests over HTTP/1.1 that are whole, to paths that there are, with contents that nobody means:
 * JSON of the wrong types, depths and sizes, forms with numbers that are none, paths full of
 * escapes. Each asks that the connection be closed after its answer, or makes it a WebSocket.
 */
final class HttpRequests {
    private static final int DEEPEST = 3_000;

    /** Of the JSON gateway; none that changes who may do what or who belongs to the cluster. */
    private static final List<String> GATEWAY =
            List.of(
                    "kv/range",
                    "kv/put",
                    "kv/deleterange",
                    "kv/txn",
                    "kv/compaction",
                    "watch",
                    "lease/grant",
                    "lease/revoke",
                    "lease/keepalive",
                    "lease/timetolive",
                    "cluster/member/list",
                    "maintenance/status",
                    "maintenance/hash",
                    "auth/authenticate",
                    "lock/lock",
                    "lock/unlock",
                    "election/campaign",
                    "election/leader",
                    "election/observe");

    private static final List<String> FIELDS =
            List.of(
                    "key",
                    "range_end",
                    "rangeEnd",
                    "value",
                    "limit",
                    "revision",
                    "sort_order",
                    "sort_target",
                    "serializable",
                    "lease",
                    "TTL",
                    "ID",
                    "compare",
                    "success",
                    "failure",
                    "request_range",
                    "request_put",
                    "request_txn",
                    "create_request",
                    "cancel_request",
                    "start_revision",
                    "filters",
                    "name",
                    "leader",
                    "no such field");

    private static final List<String> PARAMETERS =
            List.of(
                    "value",
                    "ttl",
                    "dir",
                    "prevExist",
                    "prevValue",
                    "prevIndex",
                    "recursive",
                    "sorted",
                    "quorum",
                    "wait",
                    "waitIndex",
                    "stream",
                    "refresh",
                    "noValueOnSuccess",
                    "nothing");

    private static final List<String> VALUES =
            List.of(
                    "",
                    "true",
                    "maybe",
                    "1",
                    "-1",
                    "0x10",
                    "1.5",
                    "9223372036854775807",
                    "18446744073709551616",
                    "9".repeat(400),
                    "%00",
                    "%",
                    "%zz",
                    "%c3%28",
                    "+&;=",
                    "v".repeat(20_000));

    private static final List<String> SEGMENTS =
            List.of(
                    "a",
                    "b",
                    "_hidden",
                    "..",
                    ".",
                    "",
                    "%2e%2e",
                    "%2F",
                    "%00",
                    "%",
                    "%ff%fe",
                    "a".repeat(900));

    private static final List<String> METHODS =
            List.of("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH");

    private static final List<String> SCALARS =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1e400",
                    "1.5",
                    "9".repeat(400),
                    "\"Zm9v\"",
                    "\"no base64 !\"",
                    "\"\\ud800\"",
                    "\"\"",
                    "\"-9223372036854775809\"",
                    "\"DESCEND\"",
                    "\"" + "QUFB".repeat(20_000) + "\"");

    private HttpRequests() {}

    private static <T> T any(List<T> things, Random random) {
        return things.get(random.nextInt(things.size()));
    }

    static byte[] gateway(Random random) {
        String path = "/v3/" + any(GATEWAY, random);
        if (random.nextInt(4) == 0) {
            var socket = new SocketBytes(path);
            for (int i = random.nextInt(4); i >= 0; i--) {
                boolean last = random.nextInt(3) > 0;
                socket.frame((last ? SocketBytes.LAST : 0) | random.nextInt(3), contents(random));
            }
            return new Conversation(socket.pieces()).bytes();
        }
        return request("POST", path, "application/json", contents(random));
    }

    private static String contents(Random random) {
        var json = new StringBuilder();
        object(json, random, 4);
        if (random.nextInt(8) == 0) {
            // Another body after the first, none at all, or one that ends early.
            switch (random.nextInt(3)) {
                case 0 -> json.append(json);
                case 1 -> json.setLength(0);
                default -> json.setLength(random.nextInt(json.length()));
            }
        }
        return json.toString();
    }

    private static void object(StringBuilder json, Random random, int depth) {
        json.append('{');
        for (int i = random.nextInt(5); i > 0; i--) {
            json.append('"').append(any(FIELDS, random)).append("\":");
            value(json, random, depth);
            json.append(i > 1 ? "," : "");
        }
        json.append('}');
    }

    private static void value(StringBuilder json, Random random, int depth) {
        switch (depth == 0 ? 0 : random.nextInt(5)) {
            case 1 -> object(json, random, depth - 1);
            case 2 -> {
                json.append('[');
                object(json, random, depth - 1);
                json.append(']');
            }
            case 3 -> {
                int deep = random.nextInt(DEEPEST);
                String opening = random.nextBoolean() ? "[" : "{\"request_txn\":";
                String closing = opening.equals("[") ? "]" : "}";
                json.append(opening.repeat(deep)).append("{}").append(closing.repeat(deep));
            }
            default -> json.append(any(SCALARS, random));
        }
    }

    static byte[] v2(Random random) {
        var target = new StringBuilder("/v2/keys");
        for (int i = random.nextInt(8); i > 0; i--) {
            target.append('/').append(any(SEGMENTS, random));
        }
        String parameters = parameters(random);
        boolean form = random.nextBoolean();
        if (!form && !parameters.isEmpty()) {
            target.append('?').append(parameters);
        }
        return request(
                any(METHODS, random),
                target.toString(),
                "application/x-www-form-urlencoded",
                form ? parameters : "");
    }

    private static String parameters(Random random) {
        var all = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            all.append(any(PARAMETERS, random)).append('=').append(any(VALUES, random));
            all.append(i > 1 ? "&" : "");
        }
        return all.toString();
    }

    private static byte[] request(String method, String target, String type, String body) {
        return (method
                        + " "
                        + target
                        + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: "
                        + type
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
