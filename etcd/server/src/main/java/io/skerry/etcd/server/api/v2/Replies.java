package io.skerry.etcd.server.api.v2;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.skerry.base.http.HttpReply;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.v2store.NodeError;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers with etcd's headers, in the spelling that scripts look for. */
final class Replies {
    static final String JSON = "application/json";

    private Replies() {}

    static Map<String, String> headers(RaftStatus status) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", JSON);
        headers.put("X-Etcd-Cluster-Id", Long.toHexString(status.clusterId()));
        return headers;
    }

    /** Headers of an answer from {@code /v2/keys}. */
    static Map<String, String> headers(RaftStatus status, long index) {
        var headers = headers(status);
        headers.put("X-Etcd-Index", Long.toString(index));
        headers.put("X-Raft-Index", Long.toString(status.committedIndex()));
        headers.put("X-Raft-Term", Long.toString(status.term()));
        return headers;
    }

    static HttpReply full(int status, Map<String, String> headers, byte[] body) {
        return new HttpReply.Full(status, headers, UnsafeByteOperations.unsafeWrap(body));
    }

    static HttpReply json(RaftStatus status, String text) {
        return new HttpReply.Full(200, headers(status), ByteString.copyFromUtf8(text));
    }

    static HttpReply error(RaftStatus status, NodeError error) {
        var headers = headers(status);
        headers.put("X-Etcd-Index", Long.toString(error.index()));
        return full(error.code().httpStatus(), headers, JsonText.of(error));
    }

    /** An error that etcd finds before it knows what is asked for. */
    static HttpReply error(int httpStatus, String message) {
        return full(httpStatus, Map.of("Content-Type", JSON), JsonText.message(message));
    }

    static HttpReply noCredentials() {
        return error(401, "Insufficient credentials");
    }

    /** An error outside of {@code /v2/keys}. */
    static HttpReply error(int httpStatus, RaftStatus status, String message) {
        return full(httpStatus, headers(status), JsonText.message(message));
    }

    /** etcd does not say what is allowed where a change lacks the name of what to change. */
    static HttpReply methodNotAllowed(RaftStatus status) {
        var headers = headers(status);
        headers.put("Content-Type", "text/plain; charset=utf-8");
        headers.put("X-Content-Type-Options", "nosniff");
        return new HttpReply.Full(405, headers, ByteString.copyFromUtf8("Method Not Allowed\n"));
    }

    static HttpReply methodNotAllowed(String... allowed) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Allow", String.join(",", allowed));
        headers.put("Content-Type", "text/plain; charset=utf-8");
        headers.put("X-Content-Type-Options", "nosniff");
        return new HttpReply.Full(405, headers, ByteString.copyFromUtf8("Method Not Allowed\n"));
    }
}
