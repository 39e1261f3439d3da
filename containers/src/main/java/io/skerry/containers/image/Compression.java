package io.skerry.containers.image;

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

    /** Nobody knows before how much comes out, so each part asks for room. */
    static void gunzip(Path from, Path to) throws IOException {
        var space = new DiskSpace(to.toAbsolutePath().resolveSibling("."));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(from));
                OutputStream out = Files.newOutputStream(to)) {
            for (byte[] part = in.readNBytes(PART_BYTES);
                    part.length > 0;
                    part = in.readNBytes(PART_BYTES)) {
                space.require(part.length);
                out.write(part);
            }
        } catch (ZipException e) {
            throw new ImageException("the archive is damaged, gzip cannot read it", e);
        }
    }
}
