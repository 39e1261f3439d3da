package io.skerry.etcd.server;

import picocli.CommandLine.Option;

/** Flags that say how much is kept. */
final class StorageFlags {
    @Option(
            names = {"--quota-backend-bytes", "-quota-backend-bytes"},
            defaultValue = "0",
            paramLabel = "BYTES",
            description =
                    "What the store may hold before puts are refused; 0: 2 GiB, below 0: any.")
    private long quotaBackendBytes;

    StorageOptions options() {
        return new StorageOptions(
                quotaBackendBytes == 0 ? StorageOptions.DEFAULT_QUOTA_BYTES : quotaBackendBytes);
    }
}
