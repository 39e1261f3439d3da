package io.skerry.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.FileSystemException;
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
        assertThat(fault(() -> Files.newDirectoryStream(file).close()))
                .isEqualTo(file + ": not a directory");
    }

    private static String fault(ThrowingCallable call) {
        return FileFault.of(catchThrowableOfType(FileSystemException.class, call));
    }
}
