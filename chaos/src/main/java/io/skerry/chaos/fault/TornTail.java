package io.skerry.chaos.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Leaves at the end of a log what a power cut leaves of a batch that was being written: some of its
 * bytes, and others for which zeros or garbage came. Everything before, which had been
 * acknowledged, stays as it is.
 */
final class TornTail {
    private static final int LONGEST = 6_000;

    /** A disk with fewer bytes left may refuse so long a write. */
    private static final int FULL_AT = 64 << 10;

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 40;
    private static final int RECORD_MAGIC = 0x534b_4c52;

    private TornTail() {}

    /** Tears the newest log file below a member's data, if there is one; false if not. */
    static boolean tear(Path data, Random random) throws IOException {
        Optional<Path> newest;
        if (!Files.isDirectory(data)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(data)) {
            newest =
                    files.filter(file -> file.toString().endsWith(".log"))
                            .max(Comparator.comparing(Path::getFileName));
        }
        if (newest.isEmpty()) {
            return false;
        }
        Path log = newest.get();
        try (var channel =
                FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = endOfRecords(channel);
            if (end == FILE_HEADER) {
                return false;
            }
            ByteBuffer torn = remains(channel, end, random);
            try {
                write(channel, torn, end);
            } catch (IOException e) {
                // The disk may be full as well: then this is all that a power cut could have left.
                if (Files.getFileStore(log).getUsableSpace() > FULL_AT) {
                    throw e;
                }
            }
        }
        return true;
    }

    private static void write(FileChannel channel, ByteBuffer torn, long at) throws IOException {
        long end = at;
        while (torn.hasRemaining()) {
            end += channel.write(torn, end);
        }
        channel.force(true);
    }

    /**
     * Behind the last record. A record is told by its first four bytes, has its length at its
     * ninth, and is padded to 8 bytes.
     */
    private static long endOfRecords(FileChannel channel) throws IOException {
        long at = FILE_HEADER;
        while (at + RECORD_HEADER <= channel.size()) {
            ByteBuffer header = read(channel, at, RECORD_HEADER);
            if (header.getInt(0) != RECORD_MAGIC) {
                break;
            }
            at += (RECORD_HEADER + header.getInt(8) + 7L) & ~7L;
        }
        return at;
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(length);
        while (part.hasRemaining() && channel.read(part, at + part.position()) > 0) {}
        return part;
    }

    private static ByteBuffer remains(FileChannel channel, long end, Random random)
            throws IOException {
        int length = 1 + random.nextInt(Math.clamp(end, 1, LONGEST));
        return switch (random.nextInt(3)) {
            // What looks like records, but lies in the wrong place.
            case 0 -> read(channel, Math.max(0, end - length) & ~7L, length).rewind();
            case 1 -> {
                byte[] garbage = new byte[length];
                random.nextBytes(garbage);
                yield ByteBuffer.wrap(garbage);
            }
            default -> {
                ByteBuffer sparse = read(channel, Math.max(0, end - length) & ~7L, length);
                for (int i = 0; i < length; i += 512) {
                    if (random.nextBoolean()) {
                        sparse.put(i, new byte[Math.min(512, length - i)]);
                    }
                }
                yield sparse.rewind();
            }
        };
    }
}
