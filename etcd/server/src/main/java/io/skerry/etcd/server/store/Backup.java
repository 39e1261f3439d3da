package io.skerry.etcd.server.store;

import io.skerry.etcd.server.alarm.AlarmTable;
import io.skerry.etcd.server.lease.LeaseTable;
import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.MvStoreEngine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A backup's file, checked as a whole before anybody sees anything of it. */
public final class Backup {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int CACHE_MEGABYTES = 32;

    /**
     * Where a file of the original etcd, which is a bbolt database, has its magic, and the magic.
     */
    private static final int BOLT_MAGIC_AT = 16;

    private static final int BOLT_MAGIC = 0xEDDA0CED;

    /** The log of a restored member begins after this entry, which stands for the backup. */
    public static final long RESTORED_INDEX = 1;

    private static final long RESTORED_TERM = 1;

    /** What belonged to the former members and not to the data. */
    private static final Set<String> NOT_RESTORED = Set.of(AlarmTable.MAP, StoreFile.CLUSTER);

    /** The map whose entries are the living keys. */
    private static final String LIVING = "current";

    private final Path file;
    private final Summary summary;

    /**
     * What a backup holds.
     *
     * @param hash over the content, as for the same content in any other backup
     * @param keys how many keys live
     */
    public record Summary(
            int hash, long revision, long compactRevision, long keys, long fileBytes) {}

    private Backup(Path file, Summary summary) {
        this.file = file;
        this.summary = summary;
    }

    /**
     * Reads and checks the whole file.
     *
     * @param skipHashCheck whether a missing or wrong SHA-256 at the end is let pass; the image's
     *     own checksum is always checked
     * @throws IOException says why it is no backup, or a damaged one
     */
    public static Backup check(Path file, boolean skipHashCheck) throws IOException {
        long size;
        try {
            size = Files.size(file);
        } catch (NoSuchFileException e) {
            throw new IOException("snapshot file " + file + " does not exist", e);
        }
        try (var channel = FileChannel.open(file)) {
            refuseOriginals(file, channel);
            boolean hashed = size % BackupFormat.BLOCK_BYTES == BackupFormat.DIGEST_BYTES;
            if (!hashed && !skipHashCheck) {
                throw damaged(file, "snapshot missing hash but --skip-hash-check=false", null);
            }
            long imageBytes = hashed ? size - BackupFormat.DIGEST_BYTES : size;
            if (!skipHashCheck) {
                checkDigest(file, channel, imageBytes);
            }
            return new Backup(file, summarize(file, size));
        }
    }

    private static void refuseOriginals(Path file, FileChannel channel) throws IOException {
        var magic = ByteBuffer.allocate(Integer.BYTES);
        int read = channel.read(magic, BOLT_MAGIC_AT);
        if (read == Integer.BYTES && magic.getInt(0) == BOLT_MAGIC) {
            throw new IOException(
                    "snapshot file "
                            + file
                            + " is one of the original etcd, which is not read: restore it with"
                            + " etcdutl there and copy the keys");
        }
    }

    private static void checkDigest(Path file, FileChannel channel, long imageBytes)
            throws IOException {
        var digest = BackupFormat.sha256();
        var buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = 0; at < imageBytes; ) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, imageBytes - at));
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw damaged(file, "it ends early", null);
            }
            digest.update(buffer.flip());
            at += read;
        }
        var stored = ByteBuffer.allocate(BackupFormat.DIGEST_BYTES);
        channel.read(stored, imageBytes);
        byte[] computed = digest.digest();
        if (!Arrays.equals(stored.array(), computed)) {
            var hex = HexFormat.of();
            throw damaged(
                    file,
                    "expected sha256 "
                            + hex.formatHex(stored.array())
                            + ", got "
                            + hex.formatHex(computed),
                    null);
        }
    }

    private static Summary summarize(Path file, long size) throws IOException {
        var sum = new CRC32C();
        long[] keys = {0};
        try (var in = image(file)) {
            var state =
                    ImageReader.read(
                            in,
                            name ->
                                    (key, value) -> {
                                        sum.update(key);
                                        sum.update(value);
                                        keys[0] += name.equals(LIVING) ? 1 : 0;
                                    });
            return new Summary(
                    (int) sum.getValue(), state.revision(), state.compactRevision(), keys[0], size);
        } catch (IOException e) {
            throw damaged(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static InputStream image(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    }

    private static IOException damaged(Path file, String why, @Nullable Throwable cause) {
        return new IOException("snapshot file " + file + " cannot be used: " + why, cause);
    }

    public Summary summary() {
        return summary;
    }

    /**
     * Makes a store's file of it. Leases get their full time to live again; alarms are left out.
     *
     * @param bumpRevision how much the revision moves on, so that nobody who has watched the
     *     original store sees it go back
     * @param markCompacted whether all before the newest revision is compacted, which tells such
     *     watchers to begin anew
     * @throws IOException if the file cannot be written; nothing is left of it then
     */
    public void restore(Path storeFile, long bumpRevision, boolean markCompacted)
            throws IOException {
        try {
            Engine engine = MvStoreEngine.open(storeFile, CACHE_MEGABYTES);
            try (engine;
                    var in = image(file)) {
                StoreFile.State state = ImageReader.intoEngine(in, engine, StoreFile.MAPS);
                NOT_RESTORED.forEach(name -> engine.map(name).clear());
                var leases = new LeaseTable(engine);
                leases.all().forEach(lease -> leases.put(lease.renewed()));
                long revision = Math.addExact(state.revision(), bumpRevision);
                StoreFile.saveState(
                        engine,
                        new StoreFile.State(
                                RESTORED_INDEX,
                                RESTORED_TERM,
                                revision,
                                markCompacted ? revision : state.compactRevision(),
                                state.compactedThrough()));
                engine.commit(() -> {});
                engine.sync();
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(storeFile);
            throw e;
        }
    }
}
