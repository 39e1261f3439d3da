package io.skerry.containers.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** How an archive is compressed, by its first bytes. */
enum Compression {
    NONE,
    GZIP,
    OTHER;

    private static final byte[] GZIP_MARK = {0x1f, (byte) 0x8b};

    /** Of zstd, xz and bzip2. */
    private static final List<byte[]> OTHER_MARKS =
            List.of(
                    new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
                    new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z'},
                    new byte[] {'B', 'Z', 'h'});

    private static final int LONGEST_MARK = 5;
    private static final int PART_BYTES = 1 << 20;

    /** How much larger than it is compressed anything may become. */
    private static final long MOST_TIMES = 100;

    /** What anything may become however small it is: a file of zeros is no attack. */
    private static final long ALWAYS_ALLOWED_BYTES = 256L << 20;

    static Compression of(Path file) throws IOException {
        byte[] head;
        try (var in = Files.newInputStream(file)) {
            head = in.readNBytes(LONGEST_MARK);
        }
        if (begins(head, GZIP_MARK)) {
            return GZIP;
        }
        return OTHER_MARKS.stream().anyMatch(mark -> begins(head, mark)) ? OTHER : NONE;
    }

    private static boolean begins(byte[] head, byte[] mark) {
        return head.length >= mark.length
                && Arrays.equals(head, 0, mark.length, mark, 0, mark.length);
    }

    /**
     * How much comes out of a file that gzip has compressed, found out by doing so: what it says of
     * itself proves nothing.
     *
     * @throws ImageException when it is more than may be, or than there is room for
     */
    static long gunzippedBytes(Path file, DiskSpace space) throws IOException {
        return gunzip(file, OutputStream.nullOutputStream(), space::require);
    }

    /** Unpacks a file that gzip has compressed, as long as there is room. */
    static void gunzip(Path from, Path to) throws IOException {
        var space = new DiskSpace(to.toAbsolutePath().resolveSibling("."));
        try (OutputStream out = Files.newOutputStream(to)) {
            var _ = gunzip(from, out, written -> space.require(PART_BYTES));
        }
    }

    /** Told, every now and then, how much has come out. */
    @FunctionalInterface
    private interface Allowance {
        void ask(long bytes) throws IOException;
    }

    /**
     * Refuses what becomes larger than anything may.
     *
     * @param bytes that have come out by now
     */
    static void check(long compressed, long bytes) throws ImageException {
        long most = Math.max(ALWAYS_ALLOWED_BYTES, compressed * MOST_TIMES);
        if (bytes > most) {
            throw new ImageException(
                    "the archive has "
                            + compressed
                            + " bytes of which more than "
                            + (most >> 20)
                            + " MiB come out when they are unpacked; that is more than "
                            + MOST_TIMES
                            + " times as much, which no image needs");
        }
    }

    private static long gunzip(Path from, OutputStream to, Allowance allowance) throws IOException {
        long compressed = Files.size(from);
        long bytes = 0;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(from), PART_BYTES)) {
            byte[] part = new byte[PART_BYTES];
            for (int read = in.readNBytes(part, 0, PART_BYTES);
                    read > 0;
                    read = in.readNBytes(part, 0, PART_BYTES)) {
                bytes += read;
                check(compressed, bytes);
                allowance.ask(bytes);
                to.write(part, 0, read);
            }
        } catch (ZipException | EOFException e) {
            throw new ImageException("the archive is damaged, gzip cannot read it", e);
        }
        return bytes;
    }
}
