package io.skerry.base.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files of which readers see the old or the new content, never a part. What is written gets its
 * name when it is whole; until then nobody but the owner may read it. A process that is killed
 * meanwhile leaves a hidden file whose name ends with {@code .new}.
 */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Replaces a file, or makes it together with the folders above. After a power cut it may have
     * its old content or none; see {@link #replaceDurably}.
     *
     * @throws IOException when it cannot be written; the old content is untouched then
     */
    public static void replace(Path file, String text, FileMode mode) throws IOException {
        replace(file, text.getBytes(StandardCharsets.UTF_8), mode, false);
    }

    /**
     * The same, and returns when the disk has it: after a power cut the file has its old content or
     * the new one.
     *
     * @throws IOException when it cannot be written
     */
    public static void replaceDurably(Path file, byte[] content, FileMode mode) throws IOException {
        replace(file, content, mode, true);
    }

    /**
     * Begins a file that is too large to be given as a whole, readable by its owner alone; what lay
     * there is overwritten. When it is written and forced to the disk, {@link #name} gives it its
     * name.
     *
     * @throws IOException when it cannot be opened
     */
    public static FileChannel begin(Path unfinished) throws IOException {
        var channel =
                FileChannel.open(
                        unfinished,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(FileMode.PRIVATE.permissions()));
        try {
            // What lay there keeps the rights that it had.
            Files.setPosixFilePermissions(unfinished, FileMode.PRIVATE.permissions());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return channel;
    }

    /**
     * Gives a file that is whole and on the disk its name, in place of what had it; returns when
     * the disk has that, too.
     *
     * @param whole in the same folder
     * @throws IOException when it cannot be renamed
     */
    public static void name(Path whole, Path file) throws IOException {
        Files.move(
                whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.toAbsolutePath().getParent());
    }

    private static void sync(@Nullable Path folder) throws IOException {
        if (folder != null) {
            try (var parent = FileChannel.open(folder, StandardOpenOption.READ)) {
                parent.force(true);
            }
        }
    }

    private static void replace(Path file, byte[] content, FileMode mode, boolean durable)
            throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Files.createDirectories(folder);
        // A name of its own for each writer: two at once must not write into each other's.
        Path fresh =
                Files.createTempFile(
                        folder,
                        "." + file.getFileName(),
                        ".new",
                        PosixFilePermissions.asFileAttribute(FileMode.PRIVATE.permissions()));
        try {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (mode != FileMode.PRIVATE) {
                    Files.setPosixFilePermissions(fresh, mode.permissions());
                }
                if (durable) {
                    channel.force(true);
                }
            }
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        if (durable) {
            sync(folder);
        }
    }
}
