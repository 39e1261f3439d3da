package io.skerry.etcd.server.auth;

import com.google.protobuf.ByteString;

/**
 * Access to one key or a range of keys.
 *
 * @param rangeEnd as in etcd's requests: empty for one key, {@code "\0"} for no bound, otherwise
 *     the first key that is not contained
 */
public record Permission(Access access, ByteString key, ByteString rangeEnd) {
    private static final ByteString NO_BOUND = ByteString.copyFrom(new byte[1]);

    /** Whether it can name any key: the key is not empty, and lies before the end of its range. */
    boolean valid() {
        return !key.isEmpty()
                && (rangeEnd.isEmpty()
                        || unbounded(rangeEnd)
                        || ByteString.unsignedLexicographicalComparator().compare(key, rangeEnd)
                                < 0);
    }

    boolean sameRange(ByteString otherKey, ByteString otherEnd) {
        return key.equals(otherKey) && rangeEnd.equals(otherEnd);
    }

    static boolean unbounded(ByteString rangeEnd) {
        return rangeEnd.equals(NO_BOUND);
    }
}
