package io.skerry.etcd.server.mvcc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the event log keeps of a change: the key, the version written, and where the version before
 * lies. The log is where old versions are found; nothing but it and {@code current} holds values.
 *
 * <p>Stored as: one number (revision of the version before, shifted by two, whether that version
 * stands here too, and whether this is a deletion); the position of the version before, if there is
 * one; the key's length and the key; the version before, if it stands here, with its length; the
 * version written, unless it is a deletion.
 *
 * @param now the version written; null for a deletion
 * @param revisionBefore revision that wrote the version before; 0 if there was none
 * @param positionBefore its place within that revision
 * @param before that version, if its own event may be compacted already; else null
 */
@SuppressWarnings("ArrayRecordComponent")
record StoredEvent(
        byte[] key,
        @Nullable KeyVersion now,
        long revisionBefore,
        int positionBefore,
        @Nullable KeyVersion before) {
    private static final int FLAGS = 2;
    private static final int DELETION = 1;
    private static final int WITH_BEFORE = 2;

    /**
     * @param before the version replaced or deleted, or null
     * @param keepBefore whether it must stand in the event itself
     */
    static StoredEvent of(
            byte[] key, @Nullable KeyVersion now, @Nullable KeyVersion before, boolean keepBefore) {
        return before == null
                ? new StoredEvent(key, now, 0, 0, null)
                : new StoredEvent(
                        key,
                        now,
                        before.modRevision(),
                        before.position(),
                        keepBefore ? before : null);
    }

    boolean deletion() {
        return now == null;
    }

    /** Where the version before lies in the event log; null if there was none. */
    byte @Nullable [] placeBefore() {
        return revisionBefore == 0 ? null : Keys.event(revisionBefore, positionBefore);
    }

    static StoredEvent read(byte[] stored) {
        var in = new Varint.Reader(stored, 0);
        long head = in.next();
        long revisionBefore = head >>> FLAGS;
        int positionBefore = revisionBefore == 0 ? 0 : (int) in.next();
        int keyLength = (int) in.next();
        int at = in.position();
        byte[] key = Arrays.copyOfRange(stored, at, at + keyLength);
        at += keyLength;
        KeyVersion before = null;
        if ((head & WITH_BEFORE) != 0) {
            var length = new Varint.Reader(stored, at);
            int bytes = (int) length.next();
            at = length.position();
            before = KeyVersion.read(key, Arrays.copyOfRange(stored, at, at + bytes));
            at += bytes;
        }
        var now =
                (head & DELETION) != 0
                        ? null
                        : KeyVersion.read(key, Arrays.copyOfRange(stored, at, stored.length));
        return new StoredEvent(key, now, revisionBefore, positionBefore, before);
    }

    byte[] write() {
        long head =
                revisionBefore << FLAGS
                        | (before == null ? 0 : WITH_BEFORE)
                        | (now == null ? DELETION : 0);
        int size = Varint.size(head) + Varint.size(key.length) + key.length;
        size += revisionBefore == 0 ? 0 : Varint.size(positionBefore);
        size += now == null ? 0 : now.stored().length;
        if (before != null) {
            size += Varint.size(before.stored().length) + before.stored().length;
        }
        var stored = new byte[size];
        int at = Varint.write(stored, 0, head);
        if (revisionBefore != 0) {
            at = Varint.write(stored, at, positionBefore);
        }
        at = Varint.write(stored, at, key.length);
        at = copy(key, stored, at);
        if (before != null) {
            at = Varint.write(stored, at, before.stored().length);
            at = copy(before.stored(), stored, at);
        }
        if (now != null) {
            copy(now.stored(), stored, at);
        }
        return stored;
    }

    private static int copy(byte[] source, byte[] target, int at) {
        System.arraycopy(source, 0, target, at, source.length);
        return at + source.length;
    }
}
