package io.skerry.etcd.server;

import io.skerry.etcd.server.compaction.Retention;
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

    @Option(
            names = {"--auto-compaction-mode", "-auto-compaction-mode"},
            defaultValue = "periodic",
            paramLabel = "MODE",
            description = "periodic or revision (default: ${DEFAULT-VALUE}).")
    private String autoCompactionMode = "periodic";

    @Option(
            names = {"--auto-compaction-retention", "-auto-compaction-retention"},
            defaultValue = "0",
            paramLabel = "TIME|N",
            description = "History to keep: hours, a duration like 30m, or revisions; 0: all.")
    private String autoCompactionRetention = "0";

    StorageOptions options() {
        return new StorageOptions(
                quotaBackendBytes == 0 ? StorageOptions.DEFAULT_QUOTA_BYTES : quotaBackendBytes,
                Retention.parse(autoCompactionMode, autoCompactionRetention));
    }
}
