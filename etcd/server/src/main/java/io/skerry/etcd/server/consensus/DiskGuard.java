package io.skerry.etcd.server.consensus;

import io.skerry.base.log.Log;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watches how much the disk under the data still takes. Writes are refused a little before it is
 * full: what was agreed on must still be applied and flushed, for which the store needs space.
 */
final class DiskGuard {
    private static final Log LOG = Log.of(DiskGuard.class);
    private static final long MIN_RESERVE_BYTES = 32L << 20;
    private static final long MAX_RESERVE_BYTES = 128L << 20;
    private static final long SHARE = 50;
    private static final long LOOK_BYTES = 2L << 20;

    private final Path directory;
    private final AtomicLong unseenBytes = new AtomicLong();
    private volatile boolean low;

    DiskGuard(Path directory) {
        this.directory = directory;
    }

    boolean low() {
        return low;
    }

    /** Counts what is about to be written: a fast writer fills a disk between two looks. */
    boolean lowFor(int bytes) {
        if (unseenBytes.addAndGet(bytes) >= LOOK_BYTES) {
            look();
        }
        return low;
    }

    /** Looks anew; called now and then. */
    void look() {
        unseenBytes.set(0);
        try {
            FileStore disk = Files.getFileStore(directory);
            long reserve =
                    Math.clamp(disk.getTotalSpace() / SHARE, MIN_RESERVE_BYTES, MAX_RESERVE_BYTES);
            long free = disk.getUsableSpace();
            if (!low && free < reserve) {
                low = true;
                LOG.error(
                        "disk is nearly full, writes are refused until there is space",
                        "directory",
                        directory,
                        "freeBytes",
                        free,
                        "neededBytes",
                        reserve * 3 / 2);
            } else if (low && free >= reserve * 3 / 2) {
                // The gap keeps the state from flapping.
                low = false;
                LOG.info("disk has space again", "directory", directory, "freeBytes", free);
            }
        } catch (IOException e) {
            LOG.warn("free space of the disk is unknown", "directory", directory, e);
        }
    }
}
