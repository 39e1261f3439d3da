package io.skerry.etcd.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client sends over a WebSocket, from its request on, a piece each. */
final class SocketBytes {
    static final int LAST = 0x80;
    static final int TEXT = 1;
    static final int BYTES = 2;
    static final int CLOSE = 8;
    static final int PING = 9;

    static final String CREATE = "{\"create_request\":{\"key\":\"Zm9v\"}}";

    private static final int MASKED = 0x80;
    private static final int SHORT = 126;
    private static final byte[] MASK = {1, 2, 3, 4};

    private final List<byte[]> pieces = new ArrayList<>();

    SocketBytes(String path) {
        pieces.add(
                ("GET "
                                + path
                                + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
                                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Adds a frame with this first byte. */
    SocketBytes frame(int first, String text) {
        return claim(first, text.length(), text);
    }

    /** Adds a frame that says that it is of another length. */
    SocketBytes claim(int first, long length, String text) {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        if (length >= 0 && length < SHORT) {
            frame.write(MASKED | (int) length);
        } else if (length >= 0 && length <= 0xffff) {
            frame.write(MASKED | SHORT);
            frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
        } else {
            frame.write(MASKED | SHORT + 1);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
        }
        frame.writeBytes(MASK);
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= MASK[i % MASK.length];
        }
        frame.writeBytes(payload);
        pieces.add(frame.toByteArray());
        return this;
    }

    List<byte[]> pieces() {
        return pieces;
    }
}
