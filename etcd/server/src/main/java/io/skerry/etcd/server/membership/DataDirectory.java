package io.skerry.etcd.server.membership;

import com.google.protobuf.ByteString;
import io.skerry.base.file.FileFault;
import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A member's directory while this process has it: locked against others, marked with the cluster
 * and member to whom it belongs and with the version of its layout.
 */
public final class DataDirectory implements AutoCloseable {
    /** Layout of log and store that this program reads and writes. */
    private static final int VERSION = 1;

    private static final String MARK = "member.properties";
    private static final String MEMBERS = "members";
    private static final String LOCK = "lock";
    private static final long MIN_FREE_BYTES = 16L << 20;

    private final Path directory;
    private final FileChannel channel;
    private final FileLock lock;
    private final @Nullable Beginning stored;

    private DataDirectory(
            Path directory, FileChannel channel, FileLock lock, @Nullable Beginning stored) {
        this.directory = directory;
        this.channel = channel;
        this.lock = lock;
        this.stored = stored;
    }

    /**
     * Creates or opens a directory.
     *
     * @throws IOException says which directory cannot be used, why, and what to do
     */
    public static DataDirectory open(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (FileAlreadyExistsException e) {
            throw refusal(directory, "is not a directory; choose another --data-dir", e);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
        if (Files.exists(directory.resolve("member").resolve("snap"))) {
            throw refusal(
                    directory,
                    "holds the data of the original etcd, which is not read; choose another"
                            + " --data-dir",
                    null);
        }
        FileChannel channel;
        try {
            channel =
                    FileChannel.open(
                            directory.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
        try {
            FileLock lock = lock(directory, channel);
            Beginning stored = check(directory);
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < MIN_FREE_BYTES) {
                throw refusal(
                        directory,
                        "has only " + free + " bytes left on its disk; free some space",
                        null);
            }
            return new DataDirectory(directory, channel, lock, stored);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock lock(Path directory, FileChannel channel) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw refusal(
                    directory, "is in use by another process; stop that or choose another", null);
        }
        return lock;
    }

    /** Null if the directory is new. */
    private static @Nullable Beginning check(Path directory) throws IOException {
        Path file = directory.resolve(MARK);
        if (!Files.exists(file)) {
            return null;
        }
        var mark = new Properties();
        mark.load(new StringReader(Files.readString(file)));
        String version = mark.getProperty("version", "");
        if (!version.equals(Integer.toString(VERSION))) {
            throw refusal(
                    directory,
                    "has layout version \""
                            + version
                            + "\", this program reads "
                            + VERSION
                            + "; use the program that wrote it, or another --data-dir",
                    null);
        }
        try {
            return new Beginning(
                    Long.parseUnsignedLong(mark.getProperty("member", ""), 16),
                    Boolean.parseBoolean(mark.getProperty("joined", "false")),
                    MemberList.decode(
                            ByteString.copyFrom(Files.readAllBytes(directory.resolve(MEMBERS)))));
        } catch (IOException | IllegalArgumentException e) {
            throw refusal(
                    directory,
                    "does not tell whose it is: " + e.getMessage() + "; choose another --data-dir",
                    e);
        }
    }

    /**
     * Notes to whom the directory belongs from now on.
     *
     * @throws IOException if it cannot be written
     */
    public void begin(Beginning beginning) throws IOException {
        write(MEMBERS, beginning.members().encode().toByteArray());
        String text =
                "version=%d%ncluster=%x%nmember=%x%njoined=%s%n"
                        .formatted(
                                VERSION,
                                beginning.clusterId(),
                                beginning.memberId(),
                                beginning.joining());
        write(MARK, text.getBytes(StandardCharsets.US_ASCII));
    }

    private void write(String name, byte[] content) throws IOException {
        try {
            WholeFile.replaceDurably(directory.resolve(name), content, FileMode.PRIVATE);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static IOException unusable(Path directory, IOException e) {
        String why =
                switch (e) {
                    case AccessDeniedException denied ->
                            "cannot be written: permission denied on " + denied.getFile();
                    case FileSystemException failed ->
                            "cannot be written: " + FileFault.reason(failed);
                    default -> "cannot be written: " + e.getMessage();
                };
        return refusal(directory, why + "; choose another --data-dir or correct it", e);
    }

    private static IOException refusal(Path directory, String why, @Nullable Throwable cause) {
        return new IOException("data directory " + directory + " " + why, cause);
    }

    /** As whom the member began that has this directory; null if it has no data yet. */
    public @Nullable Beginning stored() {
        return stored;
    }

    /** For the log and the vote. */
    public Path raft() {
        return directory.resolve("raft");
    }

    /** For the store. */
    public Path store() {
        return directory.resolve("store.db");
    }

    /** How much may still be written. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
