package io.skerry.base.tls;

import io.skerry.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was read from files, read again when one of them has changed. The files are looked at when
 * the value is asked for, at most twice a second. Thread-safe.
 */
final class FollowedFiles<T> {
    private static final Log LOG = Log.of(FollowedFiles.class);
    private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Reads the files; the generation counts the successful reads. */
    @FunctionalInterface
    interface Reader<T> {
        T read(int generation) throws IOException, GeneralSecurityException;
    }

    private record Loaded<T>(T value, @Nullable T before, int generation) {}

    private final List<Path> files;
    private final Reader<T> reader;
    private volatile Loaded<T> loaded;
    private volatile long checkedNanos;
    // Both guarded by this.
    private List<Object> stamps;
    private List<Object> refused = List.of();

    FollowedFiles(List<Path> files, Reader<T> reader) throws IOException {
        this.files = files;
        this.reader = reader;
        try {
            this.stamps = stamps();
            this.loaded = new Loaded<>(reader.read(0), null, 0);
        } catch (NoSuchFileException e) {
            throw new IOException("file " + e.getFile() + " does not exist", e);
        } catch (GeneralSecurityException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
        this.checkedNanos = System.nanoTime();
    }

    T current() {
        if (System.nanoTime() - checkedNanos > CHECK_NANOS) {
            check();
        }
        return loaded.value();
    }

    /** The current value and the one before it, which handshakes under way may still use. */
    List<T> recent() {
        Loaded<T> now = loaded;
        T before = now.before();
        return before == null ? List.of(now.value()) : List.of(now.value(), before);
    }

    private synchronized void check() {
        checkedNanos = System.nanoTime();
        List<Object> seen = List.of();
        try {
            seen = stamps();
            if (seen.equals(stamps) || seen.equals(refused)) {
                return;
            }
            Loaded<T> old = loaded;
            int generation = old.generation() + 1;
            loaded = new Loaded<>(reader.read(generation), old.value(), generation);
            stamps = seen;
            LOG.info("TLS files changed and were read again", "files", files);
        } catch (IOException | GeneralSecurityException e) {
            refused = seen;
            LOG.warn("changed TLS files cannot be read, the old stay in use", "files", files, e);
        }
    }

    private List<Object> stamps() throws IOException {
        var all = new ArrayList<Object>();
        for (Path file : files) {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            all.add(attributes.lastModifiedTime());
            all.add(attributes.size());
            Object key = attributes.fileKey();
            all.add(key == null ? "" : key);
        }
        return all;
    }
}
