package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeyTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void keyIsMadeOnceAndOnlyItsOwnerMayReadIt() throws IOException {
        Path file = directory.resolve("run/wgkey");

        var made = HostKey.of(file);

        assertThat(HostKey.of(file)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(HostKey.of(directory.resolve("other"))).isNotEqualTo(made);
    }

    @Test
    void fileWithSomethingElseIsLeftAndNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("wgkey"), "nonsense");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> HostKey.of(file))
                .withMessageContaining(file + " holds no key of WireGuard");
        assertThat(file).hasContent("nonsense");
    }
}
