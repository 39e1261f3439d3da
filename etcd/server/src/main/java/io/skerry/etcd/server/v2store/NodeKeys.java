package io.skerry.etcd.server.v2store;

import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.ReservedKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How a node's key is built: the reserved prefix, the namespace, the node's depth in two bytes, its
 * path. So all children of a directory lie together, in order of their names, and so do all its
 * descendants of one depth.
 */
final class NodeKeys {
    /** Deeper than any request line can ask for. */
    private static final int MAX_DEPTH = 0xFFFF;

    private static final int HEAD = ReservedKeys.PREFIX_BYTES + 1 + Short.BYTES;

    private NodeKeys() {}

    static byte[] of(Namespace namespace, NodePath path) {
        return key(namespace, path.depth(), path.text());
    }

    private static byte[] key(Namespace namespace, int depth, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEAD + bytes.length)
                .put(ReservedKeys.prefix())
                .put(namespace.mark())
                .putShort((short) depth)
                .put(bytes)
                .array();
    }

    /** Nodes that lie so many levels below a directory; 1 is its children. */
    static KeyRange below(Namespace namespace, NodePath directory, int levels) {
        int depth = Math.min(directory.depth() + levels, MAX_DEPTH);
        String stem = directory.root() ? "" : directory.text();
        return KeyRange.between(
                key(namespace, depth, stem + "/"), key(namespace, depth, stem + (char) ('/' + 1)));
    }

    static NodePath path(byte[] key) {
        return new NodePath(new String(key, HEAD, key.length - HEAD, StandardCharsets.UTF_8));
    }
}
