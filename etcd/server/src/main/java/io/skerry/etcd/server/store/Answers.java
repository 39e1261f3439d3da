package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.etcd.server.mvcc.KeyVersion;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes etcd's responses straight from stored versions, in one array each. Field numbers are
 * those of etcd's published {@code rpc.proto}; field 1 of each response is its header.
 */
public final class Answers {
    private static final int HEADER = 1;
    private static final int REVISION_OF_HEADER = 3;

    private Answers() {}

    /** A header that carries only a revision. */
    public static ByteString header(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build().toByteString();
    }

    /** A response that consists of a header with only a revision; also a PutResponse. */
    public static ByteString headerOnly(long revision) {
        int body = CodedOutputStream.computeInt64Size(REVISION_OF_HEADER, revision);
        return write(
                2 + body,
                out -> {
                    out.writeTag(HEADER, 2);
                    out.writeUInt32NoTag(body);
                    out.writeInt64(REVISION_OF_HEADER, revision);
                });
    }

    static ByteString put(long revision, @Nullable KeyVersion before) {
        if (before == null) {
            return headerOnly(revision);
        }
        var header = header(revision);
        return write(
                lengthDelimitedSize(1, header.size())
                        + lengthDelimitedSize(2, before.protobufSize(true)),
                out -> {
                    out.writeBytes(HEADER, header);
                    writeVersion(out, 2, before, true);
                });
    }

    static ByteString deleteRange(long revision, List<KeyVersion> deleted, boolean withVersions) {
        var header = header(revision);
        int size = lengthDelimitedSize(1, header.size());
        size += deleted.isEmpty() ? 0 : CodedOutputStream.computeInt64Size(2, deleted.size());
        if (withVersions) {
            for (var version : deleted) {
                size += lengthDelimitedSize(3, version.protobufSize(true));
            }
        }
        return write(
                size,
                out -> {
                    out.writeBytes(HEADER, header);
                    if (!deleted.isEmpty()) {
                        out.writeInt64(2, deleted.size());
                    }
                    if (withVersions) {
                        for (var version : deleted) {
                            writeVersion(out, 3, version, true);
                        }
                    }
                });
    }

    /** A RangeResponse with this encoded header. */
    public static ByteString range(ByteString header, RangeAnswer answer, boolean keysOnly) {
        boolean withValues = !keysOnly;
        int size = lengthDelimitedSize(HEADER, header.size());
        for (var row : answer.rows()) {
            size += lengthDelimitedSize(2, row.protobufSize(withValues));
        }
        size += answer.more() ? CodedOutputStream.computeBoolSize(3, true) : 0;
        size += answer.count() > 0 ? CodedOutputStream.computeInt64Size(4, answer.count()) : 0;
        return write(
                size,
                out -> {
                    out.writeBytes(HEADER, header);
                    for (var row : answer.rows()) {
                        writeVersion(out, 2, row, withValues);
                    }
                    if (answer.more()) {
                        out.writeBool(3, true);
                    }
                    if (answer.count() > 0) {
                        out.writeInt64(4, answer.count());
                    }
                });
    }

    /** The kinds of operation in a txn, by the field number of their response. */
    enum OperationKind {
        RANGE(1),
        PUT(2),
        DELETE_RANGE(3),
        TXN(4);

        private final int field;

        OperationKind(int field) {
            this.field = field;
        }
    }

    /** The outcome of one operation of a txn: its encoded response. */
    record Part(OperationKind kind, ByteString response) {
        private int size() {
            return lengthDelimitedSize(kind.field, response.size());
        }
    }

    static ByteString txn(ByteString header, boolean succeeded, List<Part> parts) {
        int size = lengthDelimitedSize(HEADER, header.size());
        size += succeeded ? CodedOutputStream.computeBoolSize(2, true) : 0;
        for (var part : parts) {
            size += lengthDelimitedSize(3, part.size());
        }
        return write(
                size,
                out -> {
                    out.writeBytes(HEADER, header);
                    if (succeeded) {
                        out.writeBool(2, true);
                    }
                    for (var part : parts) {
                        out.writeTag(3, 2);
                        out.writeUInt32NoTag(part.size());
                        out.writeBytes(part.kind().field, part.response());
                    }
                });
    }

    private static void writeVersion(
            CodedOutputStream out, int field, KeyVersion version, boolean withValue)
            throws IOException {
        out.writeTag(field, 2);
        out.writeUInt32NoTag(version.protobufSize(withValue));
        version.writeProtobuf(out, withValue);
    }

    private static int lengthDelimitedSize(int field, int length) {
        return CodedOutputStream.computeTagSize(field)
                + CodedOutputStream.computeUInt32SizeNoTag(length)
                + length;
    }

    private static ByteString write(int size, Writer writer) {
        var bytes = new byte[size];
        var out = CodedOutputStream.newInstance(bytes);
        try {
            writer.write(out);
        } catch (IOException e) {
            throw new IllegalStateException("a response does not fit its computed size", e);
        }
        out.checkNoSpaceLeft();
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    @FunctionalInterface
    private interface Writer {
        void write(CodedOutputStream out) throws IOException;
    }
}
