package io.skerry.etcd.server.mvcc.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Byte strings in unsigned order; a page of keys is stored with shared prefixes written once. */
final class ByteArrayType extends BasicDataType<byte[]> {
    private static final int ARRAY_OVERHEAD_BYTES = 24;
    private static final byte[][] NONE = new byte[0][];

    private final Runnable beforeWrite;
    private final boolean sharePrefixes;

    /**
     * @param beforeWrite called before a page is written
     * @param sharePrefixes for keys: neighbours begin alike
     */
    ByteArrayType(Runnable beforeWrite, boolean sharePrefixes) {
        this.beforeWrite = beforeWrite;
        this.sharePrefixes = sharePrefixes;
    }

    @Override
    public int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }

    @Override
    public int getMemory(byte[] value) {
        return ARRAY_OVERHEAD_BYTES + value.length;
    }

    @Override
    public boolean isMemoryEstimationAllowed() {
        return false;
    }

    @Override
    public byte[][] createStorage(int size) {
        return size == 0 ? NONE : new byte[size][];
    }

    @Override
    public void write(WriteBuffer buffer, byte[] value) {
        beforeWrite.run();
        buffer.putVarInt(value.length).put(value);
    }

    @Override
    public byte[] read(ByteBuffer buffer) {
        var value = new byte[DataUtils.readVarInt(buffer)];
        buffer.get(value);
        return value;
    }

    @Override
    public void write(WriteBuffer buffer, Object storage, int count) {
        beforeWrite.run();
        var values = cast(storage);
        byte[] previous = null;
        for (int i = 0; i < count; i++) {
            var value = values[i];
            int shared = sharePrefixes && previous != null ? commonPrefix(previous, value) : 0;
            if (sharePrefixes) {
                buffer.putVarInt(shared);
            }
            buffer.putVarInt(value.length - shared).put(value, shared, value.length - shared);
            previous = value;
        }
    }

    @Override
    public void read(ByteBuffer buffer, Object storage, int count) {
        var values = cast(storage);
        byte[] previous = null;
        for (int i = 0; i < count; i++) {
            int shared = sharePrefixes ? DataUtils.readVarInt(buffer) : 0;
            int rest = DataUtils.readVarInt(buffer);
            var value = new byte[shared + rest];
            if (previous != null) {
                System.arraycopy(previous, 0, value, 0, shared);
            }
            buffer.get(value, shared, rest);
            values[i] = value;
            previous = value;
        }
    }

    private static int commonPrefix(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }
}
