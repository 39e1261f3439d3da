package io.skerry.base.grpc;

import io.skerry.base.http2.HeaderBlock;
import io.skerry.base.http2.ServerStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The heads and trailers of a server's answers; those of good answers are encoded once. */
final class Answers {
    static final HeaderBlock HEAD = HeaderBlock.response(200, fields());
    static final HeaderBlock OK = HeaderBlock.trailers(Map.of("grpc-status", "0"));

    private Answers() {}

    private static Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("content-type", "application/grpc");
        return fields;
    }

    private static void put(Map<String, String> fields, GrpcException reason) {
        fields.put("grpc-status", Integer.toString(reason.code().number()));
        String message = reason.getMessage();
        if (message != null && !message.isEmpty()) {
            fields.put("grpc-message", Wire.encodeMessage(message));
        }
    }

    /** Answers with the status in the head alone ("trailers-only"). */
    static void refuse(ServerStream stream, GrpcException reason, Map<String, String> more) {
        var fields = fields();
        fields.putAll(more);
        put(fields, reason);
        stream.head(HeaderBlock.response(200, fields), true);
    }

    static void refuse(ServerStream stream, GrpcException reason) {
        refuse(stream, reason, Map.of());
    }

    /** Ends a stream whose head was sent. */
    static void end(ServerStream stream, @Nullable GrpcException reason) {
        if (reason == null) {
            stream.end(OK);
            return;
        }
        var fields = new LinkedHashMap<String, String>();
        put(fields, reason);
        stream.end(HeaderBlock.trailers(fields));
    }
}
