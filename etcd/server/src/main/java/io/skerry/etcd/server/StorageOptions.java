package io.skerry.etcd.server;

import io.skerry.etcd.server.compaction.Retention;

/**
 * How much a member keeps.
 *
 * @param quotaBytes what the store may hold before puts are refused; 0 for no quota
 * @param retention what automatic compaction keeps
 */
public record StorageOptions(long quotaBytes, Retention retention) {
    /** As much as etcd's. */
    public static final long DEFAULT_QUOTA_BYTES = 2L << 30;

    /** A quota that is larger is one that was mistyped. */
    public static final long MAX_QUOTA_BYTES = 1L << 44;

    /** What etcd does when it is told nothing. */
    public static final StorageOptions DEFAULT =
            new StorageOptions(DEFAULT_QUOTA_BYTES, new Retention.Everything());

    public StorageOptions {
        if (quotaBytes > MAX_QUOTA_BYTES) {
            throw new IllegalArgumentException(
                    "--quota-backend-bytes: "
                            + quotaBytes
                            + " must be at most "
                            + MAX_QUOTA_BYTES
                            + " (16 TiB), 0 for the default of 2 GiB, or negative for no quota");
        }
        quotaBytes = Math.max(0, quotaBytes);
    }
}
