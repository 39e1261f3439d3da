package io.skerry.etcd.server.v2store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.skerry.etcd.server.mvcc.KeyVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory as it is stored: one byte that tells what follows, created and modified
 * index, if it ends some day the id of its expiry and when that is, then the value.
 *
 * <p>The indices stand here and not only in the key's version because v2 knows a replacement, which
 * is created anew, and a directory whose time to live changes, which is not modified.
 *
 * @param value empty for a directory
 */
record Node(
        NodePath path,
        boolean dir,
        String value,
        long createdIndex,
        long modifiedIndex,
        @Nullable Ending ending) {
    private static final int DIRECTORY = 1;
    private static final int ENDS = 2;

    /**
     * When a node ends.
     *
     * @param expiry id of the entry in {@link ExpiryTable}
     * @param epochNanos what clients are told
     */
    record Ending(long expiry, long epochNanos) {}

    /** The root, which is always there and never stored. */
    static final Node ROOT = new Node(NodePath.ROOT, true, "", 0, 0, null);

    ByteString encode() {
        var bytes = new ByteArrayOutputStream(24 + value.length());
        try {
            var out = CodedOutputStream.newInstance(bytes);
            out.writeRawByte((byte) ((dir ? DIRECTORY : 0) | (ending != null ? ENDS : 0)));
            out.writeUInt64NoTag(createdIndex);
            out.writeUInt64NoTag(modifiedIndex);
            if (ending != null) {
                out.writeUInt64NoTag(ending.expiry);
                out.writeFixed64NoTag(ending.epochNanos);
            }
            out.writeRawBytes(value.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return UnsafeByteOperations.unsafeWrap(bytes.toByteArray());
    }

    static Node decode(KeyVersion version) {
        try {
            byte[] stored = version.value();
            var in = CodedInputStream.newInstance(stored);
            int flags = in.readRawByte();
            long created = in.readUInt64();
            long modified = in.readUInt64();
            var ending = (flags & ENDS) == 0 ? null : new Ending(in.readUInt64(), in.readFixed64());
            int head = in.getTotalBytesRead();
            return new Node(
                    NodeKeys.path(version.key()),
                    (flags & DIRECTORY) != 0,
                    new String(stored, head, stored.length - head, StandardCharsets.UTF_8),
                    created,
                    modified,
                    ending);
        } catch (IOException e) {
            throw new IllegalStateException("a stored node cannot be read", e);
        }
    }

    /** What clients see of it, without what lies in it. */
    NodeInfo info(long nowEpochNanos) {
        return new NodeInfo(
                path.text(),
                dir ? null : value,
                dir,
                ending == null ? 0 : ending.epochNanos,
                ending == null ? 0 : NodeInfo.ttlSeconds(ending.epochNanos, nowEpochNanos),
                List.of(),
                modifiedIndex,
                createdIndex);
    }
}
