package io.skerry.etcd.server.store;

/**
 * What can be chosen about the store's file.
 *
 * <p>What waits for a commit has grown old for the collector of garbage when it is written at last,
 * and is moved in memory until then: smaller commits are cheaper than large ones as long as the
 * device takes them (docs/decisions/004-storage-engine.md).
 *
 * @param cacheMegabytes how much of the file is kept in memory
 * @param commitBytes how many bytes of changes are gathered before they are written (a commit also
 *     comes each second)
 */
public record StoreOptions(int cacheMegabytes, int commitBytes) {
    public static final StoreOptions DEFAULT = new StoreOptions(32, 8 << 20);

    public StoreOptions {
        if (cacheMegabytes < 1 || commitBytes < 1) {
            throw new IllegalArgumentException(
                    "cache of "
                            + cacheMegabytes
                            + " MB and commits of "
                            + commitBytes
                            + " bytes: both must be positive");
        }
    }
}
