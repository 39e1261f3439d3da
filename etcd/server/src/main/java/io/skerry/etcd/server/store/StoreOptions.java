package io.skerry.etcd.server.store;

/**
 * What can be chosen about the store's file.
 *
 * @param cacheMegabytes how much of the file is kept in memory
 * @param commitBytes how many bytes of changes are gathered before they are written (a commit also
 *     comes each second)
 */
public record StoreOptions(int cacheMegabytes, int commitBytes) {
    public static final StoreOptions DEFAULT = new StoreOptions(32, 32 << 20);

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
