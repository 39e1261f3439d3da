package io.skerry.etcd.server.store;

import io.skerry.base.log.Log;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the disk takes what is about to be written to the store's file. A write that does not fit
 * closes the file, and with it ends the member; one that waits costs nothing, since the log has
 * what the file lacks. Thread-safe.
 */
final class DiskRoom {
    private static final Log LOG = Log.of(DiskRoom.class);

    /** What the engine writes beside the changes, and the log meanwhile. */
    private static final long MARGIN_BYTES = 8L << 20;

    private final Path file;
    private final FileStore disk;
    private final AtomicBoolean lacking = new AtomicBoolean();

    DiskRoom(Path file) throws IOException {
        this.file = file;
        this.disk = Files.getFileStore(file.toAbsolutePath().getParent());
    }

    boolean takes(long bytes) {
        long free;
        try {
            free = disk.getUsableSpace();
        } catch (IOException e) {
            LOG.warn("free space of the disk is unknown", "file", file, e);
            return true;
        }
        long needed = bytes + MARGIN_BYTES;
        boolean lacks = free < needed;
        if (lacking.compareAndSet(!lacks, lacks)) {
            if (lacks) {
                LOG.error(
                        "disk is full, nothing is written to the store's file until there is space;"
                                + " the log has what is missing there",
                        "file",
                        file,
                        "freeBytes",
                        free,
                        "neededBytes",
                        needed);
            } else {
                LOG.info("disk has space for the store's file again", "file", file);
            }
        }
        return !lacks;
    }
}
