package io.skerry.etcd.server.mvcc;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A hash over everything that can be read at revisions between the compaction and a given one.
 * Members with the same content give the same hash, however far each is with deleting what is
 * compacted.
 */
public record ContentHash(int hash, long revision, long compactRevision) {

    /** Hashes all that can be read between the view's compaction and a revision. */
    public static ContentHash of(ReadView view, long revision) {
        return of(view, revision, view.compactRevision());
    }

    /**
     * Hashes the keys as they were at a base, every change since, and the keys as they are at the
     * revision: these lie in another place than the changes, which may be damaged by itself.
     *
     * @param base at least the view's compaction, and at most the revision; a member that has
     *     compacted less gives with it the same hash as one that has compacted so far
     */
    public static ContentHash of(ReadView view, long revision, long base) {
        if (base < view.compactRevision() || revision > view.revision()) {
            throw new IllegalArgumentException(
                    "revisions "
                            + base
                            + " to "
                            + revision
                            + " are not all in the view's, "
                            + view.compactRevision()
                            + " to "
                            + view.revision());
        }
        var sum = new CRC32C();
        long from = Math.min(Math.max(base, 1), revision);
        view.forEachAt(KeyRange.all(), from, version -> add(sum, version));
        if (from < revision) {
            view.changes(from + 1, change -> add(sum, change, revision));
            view.forEachAt(KeyRange.all(), revision, version -> add(sum, version));
        }
        return new ContentHash((int) sum.getValue(), revision, view.compactRevision());
    }

    private static boolean add(CRC32C sum, Change change, long until) {
        if (change.revision() > until) {
            return false;
        }
        sum.update(ByteBuffer.allocate(Long.BYTES).putLong(change.revision()).flip());
        sum.update(change.key());
        var now = change.now();
        if (now != null) {
            add(sum, now);
        }
        return true;
    }

    private static void add(CRC32C sum, KeyVersion version) {
        sum.update(version.key());
        sum.update(version.stored());
    }
}
