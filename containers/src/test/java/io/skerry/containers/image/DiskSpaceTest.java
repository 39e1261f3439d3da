package io.skerry.containers.image;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskSpaceTest {
    private static final long MIB = 1 << 20;
    private static final DiskSpace DISK = new DiskSpace(Path.of("/data"));

    @Test
    void imageThatWouldFillTheDiskOfTheStoreIsRefused() {
        assertThatThrownBy(() -> DISK.require(500 * MIB, 1500 * MIB, 100_000 * MIB))
                .isInstanceOf(ImageException.class)
                .hasMessageContainingAll("/data", "needs 500 MiB", "1500 MiB", "1024", "remove");
        assertThatCode(() -> DISK.require(400 * MIB, 1500 * MIB, 100_000 * MIB))
                .doesNotThrowAnyException();
    }

    @Test
    void ofASmallDiskATenthStaysFree() {
        assertThatCode(() -> DISK.require(80 * MIB, 90 * MIB, 100 * MIB))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> DISK.require(81 * MIB, 90 * MIB, 100 * MIB))
                .hasMessageContaining("of 90 MiB that are free 10");
    }

    @Test
    void realDiskIsAsked(@TempDir Path folder) {
        assertThatCode(() -> new DiskSpace(folder).require(0)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new DiskSpace(folder).require(1L << 60))
                .isInstanceOf(ImageException.class);
    }
}
