package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Ip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The attributes of a message that came, by type. */
final class Attributes {
    private final Map<Integer, ByteBuffer> byType = new HashMap<>();

    /** All that is left of the buffer. */
    Attributes(ByteBuffer buffer) {
        each(buffer, byType::put);
    }

    private static void each(ByteBuffer buffer, BiConsumer<Integer, ByteBuffer> taker) {
        while (buffer.remaining() >= Netlink.ATTRIBUTE_HEADER_BYTES) {
            int start = buffer.position();
            int length = buffer.getShort(start) & 0xffff;
            int type = buffer.getShort(start + 2) & Netlink.TYPE_MASK;
            if (length < Netlink.ATTRIBUTE_HEADER_BYTES || length > buffer.remaining()) {
                return;
            }
            int header = Netlink.ATTRIBUTE_HEADER_BYTES;
            taker.accept(
                    type,
                    buffer.slice(start + header, length - header).order(ByteOrder.nativeOrder()));
            buffer.position(Math.min(start + Netlink.align(length), buffer.limit()));
        }
    }

    boolean has(int type) {
        return byType.containsKey(type);
    }

    int number(int type, int otherwise) {
        ByteBuffer value = byType.get(type);
        return value == null || value.remaining() < Integer.BYTES ? otherwise : value.getInt(0);
    }

    /** A number of eight bits. */
    int number8(int type) {
        ByteBuffer value = byType.get(type);
        return value == null || !value.hasRemaining() ? 0 : value.get(0) & 0xff;
    }

    /** A number of sixteen bits as the machine has them. */
    int number16(int type) {
        ByteBuffer value = byType.get(type);
        return value == null || value.remaining() < Short.BYTES ? 0 : value.getShort(0) & 0xffff;
    }

    boolean flag(int type) {
        ByteBuffer value = byType.get(type);
        return value != null && value.hasRemaining() && value.get(0) != 0;
    }

    int bigEndian16(int type) {
        ByteBuffer value = byType.get(type);
        return value == null
                ? 0
                : value.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(0) & 0xffff;
    }

    byte @Nullable [] bytes(int type) {
        ByteBuffer value = byType.get(type);
        if (value == null) {
            return null;
        }
        var bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    /** Of either family. */
    Optional<Ip> address(int type) {
        byte[] bytes = bytes(type);
        boolean address = bytes != null && (bytes.length == 4 || bytes.length == 16);
        return address ? Optional.of(Ip.of(Objects.requireNonNull(bytes))) : Optional.empty();
    }

    String text(int type) {
        byte[] bytes = bytes(type);
        if (bytes == null) {
            return "";
        }
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    Attributes nested(int type) {
        return new Attributes(content(type));
    }

    /** Those of a list, each of which holds attributes itself. */
    List<Attributes> list(int type) {
        var list = new ArrayList<Attributes>();
        each(content(type), (_, item) -> list.add(new Attributes(item)));
        return list;
    }

    private ByteBuffer content(int type) {
        ByteBuffer value = byType.get(type);
        return value == null
                ? ByteBuffer.allocate(0)
                : value.duplicate().order(ByteOrder.nativeOrder());
    }
}
