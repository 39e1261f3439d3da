package io.skerry.etcd.server.fuzz;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.skerry.etcd.client.EtcdMethods;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is sent to exhaust a server, or to make it and a proxy read different things. */
final class Floods {
    private static final PutRequest PUT =
            PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("flood"))
                    .setValue(ByteString.copyFrom(new byte[100]))
                    .build();

    private Floods() {}

    static Map<String, byte[]> all() {
        var all = new LinkedHashMap<String, byte[]>();
        http2(all);
        grpc(all);
        http1(all);
        sockets(all);
        return all;
    }

    private static byte[] bytes(Http2Bytes bytes) {
        return new Conversation(bytes.pieces()).bytes();
    }

    private static void http2(Map<String, byte[]> all) {
        var resets = Http2Bytes.connection();
        for (int stream = 1; stream < 100_000; stream += 2) {
            resets.call(stream, EtcdMethods.PUT.path())
                    .frame(Http2Bytes.RST_STREAM, 0, stream, Http2Bytes.integer(8));
        }
        all.put("50,000 streams that are reset at once", bytes(resets));

        var settings = Http2Bytes.connection();
        var pings = Http2Bytes.connection();
        var priorities = Http2Bytes.connection();
        for (int i = 0; i < 50_000; i++) {
            settings.frame(Http2Bytes.SETTINGS, 0, 0, new byte[0]);
            pings.frame(Http2Bytes.PING, 0, 0, new byte[8]);
            priorities.frame(Http2Bytes.PRIORITY, 0, 2 * i + 1, new byte[5]);
        }
        all.put("50,000 settings", bytes(settings));
        all.put("50,000 pings", bytes(pings));
        all.put("50,000 priorities of idle streams", bytes(priorities));

        var empty = Http2Bytes.connection().call(1, EtcdMethods.PUT.path());
        for (int i = 0; i < 50_000; i++) {
            empty.frame(Http2Bytes.DATA, 0, 1, new byte[0]);
        }
        all.put("50,000 empty data frames", bytes(empty));

        var endless =
                Http2Bytes.connection()
                        .frame(Http2Bytes.HEADERS, 0, 1, Http2Bytes.callHeaders("/a/b"));
        byte[] fields = Http2Bytes.headers(List.of(List.of("x-fuzz", "y".repeat(8000))));
        for (int i = 0; i < 2_000; i++) {
            endless.frame(Http2Bytes.CONTINUATION, 0, 1, fields);
        }
        all.put("headers of 16 MB that never end", bytes(endless));

        var calls = Http2Bytes.connection();
        for (int stream = 1; stream < 40_000; stream += 2) {
            calls.call(stream, EtcdMethods.WATCH.path());
        }
        all.put("20,000 calls that never send their message", bytes(calls));

        all.put(
                "a window that is opened by nothing",
                bytes(
                        Http2Bytes.connection()
                                .frame(Http2Bytes.WINDOW_UPDATE, 0, 0, Http2Bytes.integer(0))));
        all.put(
                "windows that overflow",
                bytes(
                        Http2Bytes.connection()
                                .call(1, EtcdMethods.PUT.path())
                                .frame(
                                        Http2Bytes.WINDOW_UPDATE,
                                        0,
                                        1,
                                        Http2Bytes.integer(Integer.MAX_VALUE))
                                .frame(
                                        Http2Bytes.WINDOW_UPDATE,
                                        0,
                                        1,
                                        Http2Bytes.integer(Integer.MAX_VALUE))));
        all.put(
                "a frame of 16 MB",
                bytes(
                        Http2Bytes.connection()
                                .frameOfLength(0xffffff, Http2Bytes.DATA, 0, 1, new byte[9_000])));
        all.put(
                "data on a stream that was never opened",
                bytes(Http2Bytes.connection().frame(Http2Bytes.DATA, 1, 9, new byte[10])));
        all.put("an even stream", bytes(Http2Bytes.connection().call(2, EtcdMethods.PUT.path())));
    }

    private static void grpc(Map<String, byte[]> all) {
        int size = PUT.getSerializedSize();
        all.put("a compressed message", put(Http2Bytes.grpc(1, size, PUT)));
        all.put("an unknown compression flag", put(Http2Bytes.grpc(77, size, PUT)));
        all.put("a message that claims 4 GB", put(Http2Bytes.grpc(0, -1, PUT)));
        all.put("a message that claims 2 GB", put(Http2Bytes.grpc(0, Integer.MAX_VALUE, PUT)));
        all.put("a message shorter than it claims", put(Http2Bytes.grpc(0, size + 1, PUT)));
        all.put("a message longer than it claims", put(Http2Bytes.grpc(0, size - 1, PUT)));
        all.put("half a prefix", put(new byte[3]));
        all.put("a message that is no protobuf", put(new byte[] {0, 0, 0, 0, 2, -1, -1}));
        var unread = Http2Bytes.connection();
        // SETTINGS_INITIAL_WINDOW_SIZE 0: no answer can be sent.
        unread.frame(Http2Bytes.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
        var all1 =
                RangeRequest.newBuilder()
                        .setKey(ByteString.copyFrom(new byte[1]))
                        .setRangeEnd(ByteString.copyFrom(new byte[1]))
                        .build();
        for (int stream = 1; stream < 4_000; stream += 2) {
            unread.call(stream, EtcdMethods.RANGE.path()).message(stream, all1, true);
        }
        all.put("2,000 answers for which there is no window", bytes(unread));
    }

    private static byte[] put(byte[] data) {
        return bytes(
                Http2Bytes.connection()
                        .call(1, EtcdMethods.PUT.path())
                        .frame(Http2Bytes.DATA, Http2Bytes.END_STREAM, 1, data));
    }

    private static void http1(Map<String, byte[]> all) {
        text(all, "a line of 4 MB", "GET /" + "a".repeat(4 << 20) + " HTTP/1.1\r\n\r\n");
        text(
                all,
                "a header of 4 MB",
                "GET /health HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(4 << 20) + "\r\n\r\n");
        text(
                all,
                "50,000 headers",
                "GET /health HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(50_000) + "\r\n");
        text(
                all,
                "two lengths",
                "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length:"
                        + " 40\r\n\r\nabcdGET /health HTTP/1.1\r\n\r\n");
        text(
                all,
                "a length and chunks",
                "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding:"
                        + " chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\n\r\n");
        text(
                all,
                "a negative length",
                "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n");
        text(
                all,
                "a body of 8 EB",
                "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n"
                        + "x".repeat(8 << 20));
        text(
                all,
                "a chunk of 16 EB",
                "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "ffffffffffffffff\r\n"
                        + "x".repeat(1 << 20));
        text(
                all,
                "chunk extensions of 4 MB",
                "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;"
                        + "e".repeat(4 << 20)
                        + "\r\n");
        text(
                all,
                "JSON that nests 100,000 times",
                json("{\"key\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
        text(
                all,
                "JSON with a number of 100,000 digits",
                json("{\"limit\":" + "9".repeat(100_000) + "}"));
        text(all, "JSON that is cut off", json("{\"key\":\"Zm9"));
        text(
                all,
                "2,000 requests at once",
                "GET /health HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000));
        text(all, "zeros", "\0".repeat(1 << 20));
        text(
                all,
                "an upgrade",
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
    }

    private static void sockets(Map<String, byte[]> all) {
        var pings = new SocketBytes("/v3/watch");
        var watches = new SocketBytes("/v3/watch");
        var unasked = new SocketBytes("/v3/lease/keepalive");
        var endless = new SocketBytes("/v3/kv/put");
        for (int i = 0; i < 50_000; i++) {
            pings.frame(SocketBytes.LAST | SocketBytes.PING, "p".repeat(100));
            unasked.frame(SocketBytes.LAST | SocketBytes.TEXT, "{\"ID\":\"1\"}");
            endless.frame(i == 0 ? SocketBytes.TEXT : 0, "x".repeat(100));
            watches.frame(SocketBytes.LAST | SocketBytes.TEXT, SocketBytes.CREATE);
        }
        all.put("50,000 pings over a WebSocket", bytes(pings));
        all.put("50,000 watches over a WebSocket", bytes(watches));
        all.put("50,000 leases kept alive over a WebSocket", bytes(unasked));
        all.put("a message of 50,000 fragments", bytes(endless));
        all.put(
                "a frame that claims 8 EB",
                bytes(
                        new SocketBytes("/v3/kv/put")
                                .claim(SocketBytes.TEXT, Long.MAX_VALUE, "x".repeat(1 << 20))));
        all.put(
                "a frame that claims less than nothing",
                bytes(new SocketBytes("/v3/kv/put").claim(SocketBytes.TEXT, -1, "x")));
        all.put(
                "JSON over a WebSocket that nests 100,000 times",
                bytes(
                        new SocketBytes("/v3/watch")
                                .frame(
                                        SocketBytes.LAST | SocketBytes.TEXT,
                                        "{\"create_request\":" + "[".repeat(100_000))));
        text(
                all,
                "frames before the WebSocket is there",
                "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
                        + new String(
                                bytes(
                                        new SocketBytes("/v3/watch")
                                                .frame(SocketBytes.LAST | SocketBytes.TEXT, "{}")),
                                StandardCharsets.ISO_8859_1));
    }

    private static byte[] bytes(SocketBytes bytes) {
        return new Conversation(bytes.pieces()).bytes();
    }

    private static String json(String body) {
        return "POST /v3/kv/range HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static void text(Map<String, byte[]> all, String name, String text) {
        all.put(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
