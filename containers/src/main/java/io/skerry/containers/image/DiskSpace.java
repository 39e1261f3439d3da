package io.skerry.containers.image;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The room on the disk of a folder, of which images leave some to others: the store of the cluster
 * mostly keeps its data on the same disk, and stops taking writes when that is full.
 */
public record DiskSpace(Path folder) {
    private static final long MOST_LEFT_BYTES = 1L << 30;
    private static final int SHARE_LEFT = 10;

    /**
     * Refuses what would not leave enough.
     *
     * @throws ImageException says how much there is
     */
    public void require(long bytes) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        require(bytes, disk.getUsableSpace(), disk.getTotalSpace());
    }

    void require(long bytes, long usable, long total) throws ImageException {
        long left = Math.min(MOST_LEFT_BYTES, total / SHARE_LEFT);
        if (usable - left < bytes) {
            throw new ImageException(
                    "the disk of "
                            + folder
                            + " has no room for the image: it needs "
                            + mebibytes(bytes)
                            + " MiB, of "
                            + mebibytes(usable)
                            + " MiB that are free "
                            + mebibytes(left)
                            + " have to stay so; remove images with \"skerry images remove\"");
        }
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
