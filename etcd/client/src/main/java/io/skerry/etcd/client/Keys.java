package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import java.util.Arrays;

/** Keys as bytes, and the ends of ranges. */
final class Keys {
    private static final ByteString ALL = ByteString.copyFrom(new byte[] {0});

    private Keys() {}

    static ByteString of(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a key must not be empty");
        }
        return ByteString.copyFromUtf8(key);
    }

    /** Where the range of a prefix starts; an empty prefix means all keys. */
    static ByteString prefixStart(String prefix) {
        return prefix.isEmpty() ? ALL : ByteString.copyFromUtf8(prefix);
    }

    /** The first key after all that have the prefix; etcd's {@code \0} for "to the end". */
    static ByteString prefixEnd(String prefix) {
        byte[] bytes = ByteString.copyFromUtf8(prefix).toByteArray();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] != (byte) 0xff) {
                bytes[i]++;
                return ByteString.copyFrom(Arrays.copyOf(bytes, i + 1));
            }
        }
        return ALL;
    }
}
