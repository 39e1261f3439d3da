package io.skerry.etcd.server.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.etcd.client.EtcdMethods;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What clients that behave send: gRPC calls on one connection, and HTTP/1.1 with JSON. */
final class ClientConversations {
    private static final ByteString KEY = ByteString.copyFromUtf8("fuzz");

    private ClientConversations() {}

    static List<Conversation> all() {
        return List.of(
                grpc(),
                streams(),
                socket(),
                http("GET /health HTTP/1.1\r\nHost: a\r\n\r\n"),
                http("GET /version HTTP/1.1\r\nHost: a\r\n", "Accept: */*\r\n\r\n"),
                http(
                        "POST /v3/kv/range HTTP/1.1\r\nHost: a\r\n",
                        "Content-Type: application/json\r\nContent-Length: 28\r\n\r\n",
                        "{\"key\":\"Zm9v\",\"limit\":\"10\"}\n"),
                http(
                        "PUT /v2/keys/fuzz?prevExist=false HTTP/1.1\r\nHost: a\r\n",
                        "Content-Type: application/x-www-form-urlencoded\r\n",
                        "Transfer-Encoding: chunked\r\n\r\n",
                        "7\r\nvalue=x\r\n",
                        "0\r\n\r\n"),
                http(
                        "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
                        "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    private static Conversation grpc() {
        var put = PutRequest.newBuilder().setKey(KEY).setValue(KEY).setPrevKv(true).build();
        var range = RangeRequest.newBuilder().setKey(KEY).setRangeEnd(KEY).setLimit(3).build();
        var txn =
                TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder().setKey(KEY).setVersion(1))
                        .addSuccess(RequestOp.newBuilder().setRequestPut(put))
                        .addFailure(RequestOp.newBuilder().setRequestRange(range))
                        .build();
        var bytes = Http2Bytes.connection();
        call(bytes, 1, EtcdMethods.PUT, put);
        call(bytes, 3, EtcdMethods.RANGE, range);
        call(bytes, 5, EtcdMethods.TXN, txn);
        call(bytes, 7, EtcdMethods.LEASE_GRANT, LeaseGrantRequest.newBuilder().setTTL(5).build());
        return new Conversation(
                bytes.frame(Http2Bytes.PING, 0, 0, new byte[8])
                        .frame(Http2Bytes.WINDOW_UPDATE, 0, 0, Http2Bytes.integer(1000))
                        .frame(Http2Bytes.RST_STREAM, 0, 7, Http2Bytes.integer(8))
                        .pieces());
    }

    private static void call(
            Http2Bytes bytes, int stream, GrpcMethod<?, ?> method, MessageLite message) {
        bytes.call(stream, method.path()).message(stream, message, true);
    }

    private static Conversation streams() {
        var create =
                WatchCreateRequest.newBuilder().setKey(KEY).setStartRevision(1).setPrevKv(true);
        var watch = WatchRequest.newBuilder().setCreateRequest(create).build();
        var keepAlive = LeaseKeepAliveRequest.newBuilder().setID(1).build();
        return new Conversation(
                Http2Bytes.connection()
                        .call(1, EtcdMethods.WATCH.path())
                        .message(1, watch, false)
                        .message(1, watch, false)
                        .call(3, EtcdMethods.LEASE_KEEP_ALIVE.path())
                        .message(3, keepAlive, false)
                        .message(3, keepAlive, true)
                        .pieces());
    }

    private static Conversation socket() {
        return new Conversation(
                new SocketBytes("/v3/watch")
                        .frame(SocketBytes.LAST | SocketBytes.TEXT, SocketBytes.CREATE)
                        .frame(SocketBytes.TEXT, "{\"cancel_request\":")
                        .frame(SocketBytes.LAST | SocketBytes.PING, "ping")
                        .frame(SocketBytes.LAST, "{\"watch_id\":\"0\"}}")
                        .frame(SocketBytes.LAST | SocketBytes.BYTES, SocketBytes.CREATE)
                        .frame(SocketBytes.LAST | SocketBytes.CLOSE, "\u0003\u00e8")
                        .pieces());
    }

    private static Conversation http(String... pieces) {
        return new Conversation(
                java.util.Arrays.stream(pieces)
                        .map(piece -> piece.getBytes(StandardCharsets.US_ASCII))
                        .toList());
    }
}
