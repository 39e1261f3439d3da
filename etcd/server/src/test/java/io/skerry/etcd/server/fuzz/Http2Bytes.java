package io.skerry.etcd.server.fuzz;

import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client sends over HTTP/2, piece by piece (RFC 9113), sound or not. */
final class Http2Bytes {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final List<byte[]> pieces = new ArrayList<>();

    /** The preface and empty settings. */
    static Http2Bytes connection() {
        return new Http2Bytes()
                .raw(PREFACE.getBytes(StandardCharsets.US_ASCII))
                .frame(SETTINGS, 0, 0, new byte[0]);
    }

    Http2Bytes raw(byte[] bytes) {
        pieces.add(bytes);
        return this;
    }

    Http2Bytes frame(int type, int flags, int stream, byte[] payload) {
        return frameOfLength(payload.length, type, flags, stream, payload);
    }

    /** A frame whose length says something else than what follows. */
    Http2Bytes frameOfLength(int length, int type, int flags, int stream, byte[] payload) {
        var frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (length >> 16)).put((byte) (length >> 8)).put((byte) length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        return raw(frame.array());
    }

    /** The headers of a gRPC call. */
    Http2Bytes call(int stream, String path) {
        return frame(HEADERS, END_HEADERS, stream, callHeaders(path));
    }

    static byte[] callHeaders(String path) {
        return headers(
                List.of(
                        List.of(":method", "POST"),
                        List.of(":scheme", "http"),
                        List.of(":path", path),
                        List.of(":authority", "localhost"),
                        List.of("content-type", "application/grpc"),
                        List.of("te", "trailers")));
    }

    /** A gRPC message as the last of its stream or not. */
    Http2Bytes message(int stream, MessageLite message, boolean last) {
        return frame(
                DATA, last ? END_STREAM : 0, stream, grpc(0, message.getSerializedSize(), message));
    }

    /** A gRPC message whose prefix says something else than what follows. */
    static byte[] grpc(int compressed, int length, MessageLite message) {
        byte[] body = message.toByteArray();
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) compressed)
                .putInt(length)
                .put(body)
                .array();
    }

    /** Header fields as literals that no table remembers (RFC 7541, 6.2.2). */
    static byte[] headers(List<List<String>> fields) {
        var out = new ByteArrayOutputStream();
        for (List<String> field : fields) {
            out.write(0);
            string(out, field.get(0));
            string(out, field.get(1));
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        // An integer with a prefix of seven bits.
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int left = bytes.length - 127;
            while (left >= 128) {
                out.write((left & 127) | 128);
                left >>= 7;
            }
            out.write(left);
        }
        out.writeBytes(bytes);
    }

    static byte[] integer(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    List<byte[]> pieces() {
        return List.copyOf(pieces);
    }
}
