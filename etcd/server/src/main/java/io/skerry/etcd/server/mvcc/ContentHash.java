package io.skerry.etcd.server.mvcc;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A hash over everything that can be read at revisions between the compaction and a given one.
 * Members with the same content give the same hash, however far each is with deleting what is
 * compacted.
 */
public record ContentHash(int hash, long revision, long compactRevision) {

    /** Hashes the keys as they were at the compaction and every change since. */
    public static ContentHash of(ReadView view, long revision) {
        var sum = new CRC32C();
        long base = Math.max(view.compactRevision(), 1);
        view.forEachAt(KeyRange.all(), Math.min(base, revision), version -> add(sum, version));
        view.changes(
                base + 1,
                change -> {
                    if (change.revision() > revision) {
                        return false;
                    }
                    sum.update(ByteBuffer.allocate(Long.BYTES).putLong(change.revision()).flip());
                    sum.update(change.key());
                    var now = change.now();
                    if (now != null) {
                        add(sum, now);
                    }
                    return true;
                });
        return new ContentHash((int) sum.getValue(), revision, view.compactRevision());
    }

    private static void add(CRC32C sum, KeyVersion version) {
        sum.update(version.key());
        sum.update(version.stored());
    }
}
