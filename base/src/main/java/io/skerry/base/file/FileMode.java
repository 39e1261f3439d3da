package io.skerry.base.file;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Who may do what with a file. */
public enum FileMode {
    /** Its owner alone reads and writes it. */
    PRIVATE("rw-------"),
    /** All may read it. */
    PUBLIC("rw-r--r--"),
    /** All may read and run it. */
    PROGRAM("rwxr-xr-x");

    private final String text;

    FileMode(String text) {
        this.text = text;
    }

    Set<PosixFilePermission> permissions() {
        return PosixFilePermissions.fromString(text);
    }
}
