package io.skerry.base.file;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Locale;

/**
 * Tells in the operating system's words what is wrong with a file. Some of Java's exceptions leave
 * that to the name of their class, so that their message is the file's name alone.
 */
public final class FileFault {
    private FileFault() {}

    /** The file's name and what is wrong with it, such as {@code /x: no such file or directory}. */
    public static String of(FileSystemException failure) {
        return failure.getFile() + ": " + reason(failure);
    }

    /** What is wrong with the file, in small letters. */
    public static String reason(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "file exists";
            case NotDirectoryException _ -> "not a directory";
            case DirectoryNotEmptyException _ -> "directory not empty";
            case NotLinkException _ -> "not a symbolic link";
            default -> {
                // Where Java gives none, the name of the class is all that it says.
                String reason = failure.getReason();
                yield reason == null
                        ? failure.getClass().getSimpleName()
                        : reason.toLowerCase(Locale.ROOT);
            }
        };
    }
}
