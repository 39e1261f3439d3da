package io.skerry.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames of HTTP/2 (RFC 9113) and header blocks (RFC 7541) without any dynamic table. */
final class Frames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int FLAG_ACK = 1;
    static final int FLAG_END_STREAM = 1;
    static final int FLAG_END_HEADERS = 4;

    static final int SETTING_HEADER_TABLE_SIZE = 1;
    static final int SETTING_ENABLE_PUSH = 2;
    static final int SETTING_MAX_CONCURRENT_STREAMS = 3;
    static final int SETTING_INITIAL_WINDOW_SIZE = 4;

    static final int HEADER_BYTES = 9;
    static final int DEFAULT_WINDOW = 65_535;

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Frames() {}

    static void header(ByteBuffer out, int length, int type, int flags, int stream) {
        out.put((byte) (length >> 16)).put((byte) (length >> 8)).put((byte) length);
        out.put((byte) type).put((byte) flags).putInt(stream);
    }

    /** The preface and settings with which a client begins; {@code window} is for each stream. */
    static void hello(ByteBuffer out, int window, int connectionWindow) {
        out.put(PREFACE);
        header(out, 18, SETTINGS, 0, 0);
        out.putShort((short) SETTING_HEADER_TABLE_SIZE).putInt(0);
        out.putShort((short) SETTING_ENABLE_PUSH).putInt(0);
        out.putShort((short) SETTING_INITIAL_WINDOW_SIZE).putInt(window);
        windowUpdate(out, 0, connectionWindow - DEFAULT_WINDOW);
    }

    /** Lets the other side send so much more, on a stream or (0) on the connection. */
    static void windowUpdate(ByteBuffer out, int stream, int increment) {
        header(out, 4, WINDOW_UPDATE, 0, stream);
        out.putInt(increment);
    }

    /** The header block of a call, the same for every call of a method on a connection. */
    static byte[] requestHeaders(String authority, String path) {
        var block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST, entry 3 of the static table
        block.write(0x86); // :scheme http, entry 6
        block.write(0x04); // literal without indexing, named by entry 4: :path
        string(block, path);
        block.write(0x01); // named by entry 1: :authority
        string(block, authority);
        block.write(0x0f); // named by entry 31 = 15 + 16: content-type
        block.write(0x10);
        string(block, "application/grpc");
        block.write(0x00); // literal without indexing, new name
        string(block, "te");
        string(block, "trailers");
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > 126) {
            throw new IllegalArgumentException(
                    "header value of " + bytes.length + " bytes: " + text);
        }
        block.write(bytes.length);
        block.writeBytes(bytes);
    }
}
