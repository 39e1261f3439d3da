package io.skerry.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CleanUpTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void theLatestGoesFirstAndEveryStepIsTried() throws Exception {
        var cleanUp = new CleanUp();
        cleanUp.add(() -> done.add("first"));
        cleanUp.add(() -> {
            throw new IOException("second");
        });
        cleanUp.add(() -> done.add("third"));

        assertThatThrownBy(cleanUp::close).isInstanceOf(IOException.class).hasMessage("second");

        assertThat(done).containsExactly("third", "first");
        cleanUp.close();
        assertThat(done).hasSize(2);
    }

    @Test
    void nothingIsMadeAfterTheEnd() throws Exception {
        var cleanUp = new CleanUp();
        cleanUp.close();

        assertThatThrownBy(() -> cleanUp.folder("skerry-bench-test"))
                .isInstanceOf(IOException.class)
                .hasMessage("the benchmark was ended");
    }

    @Test
    void folderGoesWithItsCommand() throws Exception {
        Path folder;
        try (var cleanUp = new CleanUp()) {
            folder = cleanUp.folder("skerry-bench-test");
            Files.writeString(folder.resolve("file"), "full");
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void folderGoesWhenASignalEndsTheProgram(@TempDir Path temporary) throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Victim.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("made");
            assertThat(temporary).isNotEmptyDirectory();

            process.destroy();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(temporary).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Makes a folder and stays until it is told to end. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            try (var cleanUp = new CleanUp()) {
                Path folder = cleanUp.folder("skerry-bench-test");
                Files.writeString(folder.resolve("file"), "full");
                System.out.println("made");
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }
}
