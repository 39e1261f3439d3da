package io.skerry.etcd.server.membership;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    private static final String LOCK = "lock";
    private static final long MIN_FREE_BYTES = 16L << 20;

    private final Path directory;
    private final FileChannel channel;
    private final FileLock lock;
    private final boolean fresh;

    private DataDirectory(Path directory, FileChannel channel, FileLock lock, boolean fresh) {
        this.directory = directory;
        this.channel = channel;
        this.lock = lock;
        this.fresh = fresh;
    }

    /**
     * Creates or opens a directory.
     *
     * @throws IOException says which directory cannot be used, why, and what to do
     */
    public static DataDirectory open(Path directory, long clusterId, long memberId)
            throws IOException {
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
            boolean fresh = !check(directory, clusterId, memberId);
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < MIN_FREE_BYTES) {
                throw refusal(
                        directory,
                        "has only " + free + " bytes left on its disk; free some space",
                        null);
            }
            if (fresh) {
                mark(directory, clusterId, memberId);
            }
            return new DataDirectory(directory, channel, lock, fresh);
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

    /** False if the directory is new. */
    private static boolean check(Path directory, long clusterId, long memberId) throws IOException {
        Path file = directory.resolve(MARK);
        if (!Files.exists(file)) {
            return false;
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
        requireSame(directory, "cluster", mark.getProperty("cluster", ""), clusterId);
        requireSame(directory, "member", mark.getProperty("member", ""), memberId);
        return true;
    }

    private static void requireSame(Path directory, String what, String found, long wanted)
            throws IOException {
        if (!found.equals(Long.toHexString(wanted))) {
            throw refusal(
                    directory,
                    "belongs to "
                            + what
                            + " "
                            + found
                            + ", but --initial-cluster, --initial-cluster-token and --name make"
                            + " this "
                            + what
                            + " "
                            + Long.toHexString(wanted)
                            + "; correct them, or choose another --data-dir",
                    null);
        }
    }

    private static void mark(Path directory, long clusterId, long memberId) throws IOException {
        String text = "version=%d%ncluster=%x%nmember=%x%n".formatted(VERSION, clusterId, memberId);
        Path fresh = directory.resolve(MARK + ".new");
        try (FileChannel out =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
        Files.move(fresh, directory.resolve(MARK), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    private static IOException unusable(Path directory, IOException e) {
        String why =
                switch (e) {
                    case AccessDeniedException denied ->
                            "cannot be written: permission denied on " + denied.getFile();
                    case FileSystemException failed when failed.getReason() != null ->
                            "cannot be written: " + failed.getReason();
                    default -> "cannot be written: " + e.getMessage();
                };
        return refusal(directory, why + "; choose another --data-dir or correct it", e);
    }

    private static IOException refusal(Path directory, String why, @Nullable Throwable cause) {
        return new IOException("data directory " + directory + " " + why, cause);
    }

    /** Whether nothing was in the directory before. */
    public boolean fresh() {
        return fresh;
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
