package io.skerry.base.pki;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes PEM files so that no reader ever sees half of one, or a key readable by others. */
final class PemFiles {
    private PemFiles() {}

    static void createPrivateDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    static void writePrivate(Path file, String pem) throws IOException {
        write(file, pem, FileMode.PRIVATE);
    }

    static void writePublic(Path file, String pem) throws IOException {
        write(file, pem, FileMode.PUBLIC);
    }

    private static void write(Path file, String pem, FileMode mode) throws IOException {
        WholeFile.replaceDurably(file, pem.getBytes(StandardCharsets.US_ASCII), mode);
    }
}
