package io.skerry.etcd.server.mvcc;

import org.jspecify.annotations.Nullable;

/**
 * One key written or deleted at a revision.
 *
 * @param position order within the revision, from 0
 * @param now the version written; null for a deletion
 * @param before the version replaced or deleted; null if there was none or it is compacted
 */
@SuppressWarnings("ArrayRecordComponent")
public record Change(
        long revision,
        int position,
        byte[] key,
        @Nullable KeyVersion now,
        @Nullable KeyVersion before) {

    public boolean deletion() {
        return now == null;
    }
}
