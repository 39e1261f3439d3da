package io.skerry.containers.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompressionTest {
    private static final int MIB = 1 << 20;

    @TempDir Path folder;

    @Test
    void whatGzipHasCompressedIsMeasuredAndUnpacked() throws Exception {
        byte[] text = "a layer\n".repeat(300_000).getBytes(StandardCharsets.US_ASCII);
        Path layer = folder.resolve("layer");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(layer))) {
            out.write(text);
        }

        assertThat(Compression.of(layer)).isEqualTo(Compression.GZIP);
        assertThat(Compression.gunzippedBytes(layer, new DiskSpace(folder))).isEqualTo(text.length);
        Path plain = folder.resolve("plain");
        Compression.gunzip(layer, plain);
        assertThat(Files.readAllBytes(plain)).isEqualTo(text);
    }

    @Test
    void whatWouldFillTheDiskOutOfNothingIsRefused() throws Exception {
        Path bomb = zeros(300);
        assertThat(Files.size(bomb)).isLessThan(MIB);

        assertThatThrownBy(() -> Compression.gunzippedBytes(bomb, new DiskSpace(folder)))
                .isInstanceOf(ImageException.class)
                .hasMessageContainingAll("more than 256 MiB", "100 times");
        // A file of zeros may well be part of an image.
        assertThat(Compression.gunzippedBytes(zeros(20), new DiskSpace(folder)))
                .isEqualTo(20L * MIB);
    }

    /** What gzip has not compressed is measured by who can read it. */
    @Test
    void nothingMayBecomeMoreThanAHundredTimesAsLargeUnlessItIsSmall() throws Exception {
        Compression.check(MIB, 256L * MIB);
        Compression.check(3L * MIB, 300L * MIB);

        assertThatThrownBy(() -> Compression.check(MIB, 256L * MIB + 1))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("more than 256 MiB");
        assertThatThrownBy(() -> Compression.check(3L * MIB, 300L * MIB + 1))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("more than 300 MiB");
    }

    @Test
    void whatIsCutOffIsDamaged() throws Exception {
        byte[] whole = Files.readAllBytes(zeros(1));
        Path cut = folder.resolve("cut");
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> Compression.gunzippedBytes(cut, new DiskSpace(folder)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("damaged");
    }

    private Path zeros(int mebibytes) throws IOException {
        Path file = folder.resolve("zeros-" + mebibytes);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), MIB)) {
            byte[] part = new byte[MIB];
            for (int i = 0; i < mebibytes; i++) {
                out.write(part);
            }
        }
        return file;
    }
}
