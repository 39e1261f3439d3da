package io.skerry.etcd.server.mvcc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * What the event log keeps of a change: one number (revision of the version before, shifted by one,
 * and whether it was a deletion), then the key. The versions themselves lie in current and history.
 */
@SuppressWarnings("ArrayRecordComponent")
record StoredEvent(boolean deletion, long revisionBefore, byte[] key) {

    static StoredEvent read(byte[] stored) {
        try {
            var in = CodedInputStream.newInstance(stored);
            long head = in.readUInt64();
            byte[] key = Arrays.copyOfRange(stored, in.getTotalBytesRead(), stored.length);
            return new StoredEvent((head & 1) == 1, head >>> 1, key);
        } catch (IOException e) {
            throw new IllegalStateException("a stored event cannot be read", e);
        }
    }

    byte[] write() {
        long head = revisionBefore << 1 | (deletion ? 1 : 0);
        int headBytes = CodedOutputStream.computeUInt64SizeNoTag(head);
        var stored = new byte[headBytes + key.length];
        try {
            var out = CodedOutputStream.newInstance(stored, 0, headBytes);
            out.writeUInt64NoTag(head);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("a number does not fit in " + headBytes + " bytes", e);
        }
        System.arraycopy(key, 0, stored, headBytes, key.length);
        return stored;
    }
}
