package io.skerry.etcd.server.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * One version of a key: its revisions, lease and value, over the bytes as they are stored (five
 * variable-length numbers, then the value). Immutable.
 */
public final class KeyVersion {
    private final byte[] key;
    private final byte[] stored;
    private final int valueOffset;
    private final long createRevision;
    private final long modRevision;
    private final long version;
    private final long lease;
    private final int position;

    private KeyVersion(
            byte[] key,
            byte[] stored,
            int valueOffset,
            long createRevision,
            long modRevision,
            long version,
            long lease,
            int position) {
        this.key = key;
        this.stored = stored;
        this.valueOffset = valueOffset;
        this.createRevision = createRevision;
        this.modRevision = modRevision;
        this.version = version;
        this.lease = lease;
        this.position = position;
    }

    static KeyVersion read(byte[] key, byte[] stored) {
        var in = new Varint.Reader(stored, 0);
        long createRevision = in.next();
        long modRevision = in.next();
        long version = in.next();
        long lease = in.next();
        int position = (int) in.next();
        return new KeyVersion(
                key, stored, in.position(), createRevision, modRevision, version, lease, position);
    }

    /**
     * @param position the change's place within its revision
     */
    static KeyVersion create(
            byte[] key,
            long createRevision,
            long modRevision,
            long version,
            long lease,
            int position,
            ByteString value) {
        int head =
                Varint.size(createRevision)
                        + Varint.size(modRevision)
                        + Varint.size(version)
                        + Varint.size(lease)
                        + Varint.size(position);
        var stored = new byte[head + value.size()];
        int at = Varint.write(stored, 0, createRevision);
        at = Varint.write(stored, at, modRevision);
        at = Varint.write(stored, at, version);
        at = Varint.write(stored, at, lease);
        at = Varint.write(stored, at, position);
        value.copyTo(stored, at);
        return new KeyVersion(
                key, stored, at, createRevision, modRevision, version, lease, position);
    }

    byte[] stored() {
        return stored;
    }

    /** The key; must not be changed. */
    public byte[] key() {
        return key;
    }

    /** Revision at which the key was created. */
    public long createRevision() {
        return createRevision;
    }

    /** Revision at which this version was written. */
    public long modRevision() {
        return modRevision;
    }

    /** How many times the key was written since it was created, this time included. */
    public long version() {
        return version;
    }

    /** The lease the key hangs on; 0 for none. */
    public long lease() {
        return lease;
    }

    /** The change's place within its revision. */
    int position() {
        return position;
    }

    public int valueBytes() {
        return stored.length - valueOffset;
    }

    /** A copy of the value. */
    public byte[] value() {
        return Arrays.copyOfRange(stored, valueOffset, stored.length);
    }

    /** Unsigned order of the values. */
    public int compareValue(byte[] other) {
        return Arrays.compareUnsigned(stored, valueOffset, stored.length, other, 0, other.length);
    }

    /** Unsigned order of the values. */
    public int compareValue(KeyVersion other) {
        return Arrays.compareUnsigned(
                stored,
                valueOffset,
                stored.length,
                other.stored,
                other.valueOffset,
                other.stored.length);
    }

    /** Size of the encoded {@code mvccpb.KeyValue}. */
    public int protobufSize(boolean withValue) {
        int size = bytesFieldSize(key.length);
        size += CodedOutputStream.computeInt64Size(2, createRevision);
        size += CodedOutputStream.computeInt64Size(3, modRevision);
        size += CodedOutputStream.computeInt64Size(4, version);
        if (withValue && valueBytes() > 0) {
            size += bytesFieldSize(valueBytes());
        }
        if (lease != 0) {
            size += CodedOutputStream.computeInt64Size(6, lease);
        }
        return size;
    }

    /** Writes an {@code mvccpb.KeyValue}, without tag or length. */
    public void writeProtobuf(CodedOutputStream out, boolean withValue) throws IOException {
        out.writeByteArray(1, key);
        out.writeInt64(2, createRevision);
        out.writeInt64(3, modRevision);
        out.writeInt64(4, version);
        if (withValue && valueBytes() > 0) {
            out.writeByteArray(5, stored, valueOffset, valueBytes());
        }
        if (lease != 0) {
            out.writeInt64(6, lease);
        }
    }

    private static int bytesFieldSize(int length) {
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }
}
