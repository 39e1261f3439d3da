package io.skerry.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultTest {
    @TempDir private Path folder;

    @Test
    void saysWhatIsWrongWithAFileInOneLine() throws Exception {
        var absent = folder.resolve("absent");
        var file = Files.createFile(folder.resolve("file"));

        assertThat(fault(() -> Files.size(absent)))
                .isEqualTo(absent + ": no such file or directory");
        assertThat(fault(() -> Files.createFile(file))).isEqualTo(file + ": file exists");
        assertThat(fault(() -> Files.delete(folder))).isEqualTo(folder + ": directory not empty");
        assertThat(fault(() -> list(file))).isEqualTo(file + ": not a directory");
        assertThat(fault(() -> Files.readSymbolicLink(file)))
                .isEqualTo(file + ": not a symbolic link");
        assertThat(FileFault.of(new FileSystemLoopException("/x")))
                .isEqualTo("/x: FileSystemLoopException");
    }

    private static void list(Path folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> {});
        }
    }

    private static String fault(ThrowingCallable call) {
        return FileFault.of(catchThrowableOfType(FileSystemException.class, call));
    }
}
