package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.skerry.etcd.server.mvcc.Change;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A change and its encoding as an element of {@code WatchResponse.events}, made once and shared by
 * all watchers. Two threads may make it at the same time; they make the same bytes.
 */
final class SharedEvent {
    private static final int EVENTS_OF_RESPONSE = 11;
    private static final int TYPE = 1;
    private static final int TYPE_DELETE = 1;
    private static final int KEY_VALUE = 2;
    private static final int PREVIOUS = 3;
    private static final int KEY = 1;
    private static final int MOD_REVISION = 3;

    private final Change change;
    private volatile @Nullable ByteString plain;
    private volatile @Nullable ByteString withPrevious;

    SharedEvent(Change change) {
        this.change = change;
    }

    Change change() {
        return change;
    }

    /** The element with its tag and length. */
    ByteString element(boolean previous) {
        boolean showPrevious = previous && change.before() != null;
        var cached = showPrevious ? withPrevious : plain;
        if (cached == null) {
            cached = encode(showPrevious);
            if (showPrevious) {
                withPrevious = cached;
            } else {
                plain = cached;
            }
        }
        return cached;
    }

    private ByteString encode(boolean showPrevious) {
        var now = change.now();
        var before = showPrevious ? change.before() : null;
        int keyValueSize = now != null ? now.protobufSize(true) : tombstoneSize();
        int beforeSize = before == null ? 0 : before.protobufSize(true);
        int size = nested(keyValueSize);
        size += now == null ? CodedOutputStream.computeEnumSize(TYPE, TYPE_DELETE) : 0;
        size += before == null ? 0 : nested(beforeSize);
        var bytes = new byte[nested(size)];
        var out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeTag(EVENTS_OF_RESPONSE, 2);
            out.writeUInt32NoTag(size);
            if (now == null) {
                out.writeEnum(TYPE, TYPE_DELETE);
            }
            out.writeTag(KEY_VALUE, 2);
            out.writeUInt32NoTag(keyValueSize);
            if (now != null) {
                now.writeProtobuf(out, true);
            } else {
                out.writeByteArray(KEY, change.key());
                out.writeInt64(MOD_REVISION, change.revision());
            }
            if (before != null) {
                out.writeTag(PREVIOUS, 2);
                out.writeUInt32NoTag(beforeSize);
                before.writeProtobuf(out, true);
            }
        } catch (IOException e) {
            throw new IllegalStateException("an event does not fit its computed size", e);
        }
        out.checkNoSpaceLeft();
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private int tombstoneSize() {
        return CodedOutputStream.computeByteArraySize(KEY, change.key())
                + CodedOutputStream.computeInt64Size(MOD_REVISION, change.revision());
    }

    /** All field numbers here are below 16: their tags take one byte. */
    private static int nested(int size) {
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }
}
