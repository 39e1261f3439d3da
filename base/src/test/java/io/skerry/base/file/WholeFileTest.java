package io.skerry.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files on a real disk. */
class WholeFileTest {
    @TempDir Path folder;

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void makesTheFoldersAboveAndGivesTheFileItsMode() throws Exception {
        Path file = folder.resolve("a/b/secret");
        WholeFile.replaceDurably(file, "s".getBytes(StandardCharsets.UTF_8), FileMode.PRIVATE);
        assertThat(file).hasContent("s");
        assertThat(mode(file)).isEqualTo("rw-------");
        WholeFile.replace(file, "for äll\n", FileMode.PUBLIC);
        assertThat(file).hasContent("for äll\n");
        assertThat(mode(file)).isEqualTo("rw-r--r--");
        WholeFile.replace(file, "#!", FileMode.PROGRAM);
        assertThat(mode(file)).isEqualTo("rwxr-xr-x");
        assertThat(file.getParent()).isDirectoryNotContaining(p -> !p.equals(file));
    }

    @Test
    void readersSeeOneOfTheContentsThatWereWrittenAndNeverAPart() throws Exception {
        Path file = folder.resolve("file");
        WholeFile.replace(file, "a".repeat(50_000), FileMode.PUBLIC);
        var writing = new AtomicBoolean(true);
        var writers = new Thread[2];
        var failures = new ConcurrentLinkedQueue<Exception>();
        for (int i = 0; i < writers.length; i++) {
            String content = Character.toString('b' + i).repeat(50_000);
            writers[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (int n = 0; n < 200; n++) {
                                        WholeFile.replace(file, content, FileMode.PUBLIC);
                                    }
                                } catch (IOException e) {
                                    failures.add(e);
                                }
                            });
        }
        var ends =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                for (Thread writer : writers) {
                                    writer.join();
                                }
                            } catch (InterruptedException e) {
                                failures.add(e);
                            }
                            writing.set(false);
                        });
        do {
            String seen = Files.readString(file);
            assertThat(seen).hasSize(50_000);
            assertThat(seen.chars().distinct().count()).isEqualTo(1);
        } while (writing.get());
        ends.join();
        assertThat(failures).isEmpty();
        assertThat(folder).isDirectoryNotContaining(p -> !p.equals(file));
    }

    @Test
    void leavesTheOldContentAndNothingElseWhenTheNewCannotGetItsName() throws Exception {
        Path taken = folder.resolve("taken");
        Files.createDirectories(taken.resolve("child"));
        assertThatThrownBy(() -> WholeFile.replace(taken, "x", FileMode.PUBLIC))
                .isInstanceOf(IOException.class);
        assertThat(taken.resolve("child")).isDirectory();
        assertThat(folder).isDirectoryNotContaining(p -> !p.equals(taken));
    }

    @Test
    void aLargeFileIsItsOwnersUntilItGetsItsNameAndAfterwards() throws Exception {
        Path part = folder.resolve("large.part");
        Path file = folder.resolve("large");
        Files.writeString(file, "old");
        Files.writeString(part, "left by somebody");
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
        try (var channel = WholeFile.begin(part)) {
            channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        assertThat(Files.readString(file)).isEqualTo("old");
        WholeFile.name(part, file);
        assertThat(Files.readString(file)).isEqualTo("new");
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(folder).isDirectoryNotContaining(p -> !p.equals(file));
    }
}
