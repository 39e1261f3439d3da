package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An encoded header block (RFC 7541) that refers to no dynamic table, so that one is encoded once
 * and sent on any connection.
 */
public final class HeaderBlock {
    /** What HTTP/2 forbids (RFC 9113, 8.2.2): they speak of the connection. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private static final int STATUS_INDEX = 8;
    private static final int STATUS_OK = 0x80 | STATUS_INDEX;

    private final byte[] bytes;

    private HeaderBlock(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The head of a response. Fields that HTTP/2 does not allow are left out. */
    public static HeaderBlock response(int status, Map<String, String> fields) {
        var out = new ByteArrayOutputStream(64);
        if (status == 200) {
            out.write(STATUS_OK);
        } else {
            // A literal without indexing whose name is that of the table's entry.
            out.write(STATUS_INDEX);
            string(Integer.toString(status), out);
        }
        fields(fields, out);
        return new HeaderBlock(out.toByteArray());
    }

    public static HeaderBlock trailers(Map<String, String> fields) {
        var out = new ByteArrayOutputStream(32);
        fields(fields, out);
        return new HeaderBlock(out.toByteArray());
    }

    int size() {
        return bytes.length;
    }

    void writeTo(ByteBuf out, int offset, int count) {
        out.writeBytes(bytes, offset, count);
    }

    private static void fields(Map<String, String> fields, ByteArrayOutputStream out) {
        fields.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!OF_CONNECTIONS.contains(lower)) {
                out.write(0);
                string(lower, out);
                string(value, out);
            }
        });
    }

    private static void string(String text, ByteArrayOutputStream out) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        if (raw.length < 127) {
            out.write(raw.length);
        } else {
            out.write(127);
            int rest = raw.length - 127;
            while (rest >= 128) {
                out.write((rest & 127) | 128);
                rest >>>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(raw);
    }
}
