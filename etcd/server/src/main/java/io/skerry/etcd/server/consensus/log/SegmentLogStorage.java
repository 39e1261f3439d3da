package io.skerry.etcd.server.consensus.log;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.codec.v2.V2Decoder;
import com.alipay.sofa.jraft.entity.codec.v2.V2Encoder;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import io.skerry.base.log.Log;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The log of one member in segment files of a directory: every batch is durable before {@link
 * #appendEntries} returns.
 *
 * <p>The library's disk thread is the only writer; any thread may read. The lock guards the list of
 * segments and their offsets, never a write to the disk. A full disk is waited for, since the
 * library treats every other failure as final and the member would have to be started anew.
 */
public final class SegmentLogStorage implements LogStorage {
    private static final Log LOG = Log.of(SegmentLogStorage.class);
    private static final int SEGMENT_BYTES = 32 << 20;
    private static final long FULL_DISK_RETRY_MILLIS = 500;

    private final Path directory;
    private final LongConsumer syncNanos;
    private final List<Segment> segments = new ArrayList<>();
    private final NewestEntries newest = new NewestEntries();
    private long first = 1;
    private volatile boolean diskFull;

    /** The library's disk thread alone writes, and sets it. */
    private volatile boolean writing;

    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    /**
     * @param directory is created if it is not there
     * @param syncNanos is told how long each durable append took
     */
    public SegmentLogStorage(Path directory, LongConsumer syncNanos) {
        this.directory = directory;
        this.syncNanos = syncNanos;
    }

    /** Whether an append waits for space on the disk. */
    public boolean diskFull() {
        return diskFull;
    }

    /** Whether the disk is at work for the log, or waited for. */
    public boolean writing() {
        return writing;
    }

    /** Why the log could not be opened or written, if it could not. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** An append that waits for space fails; the member is being stopped. */
    public void giveUpWaiting() {
        closed = true;
    }

    @Override
    public boolean init(LogStorageOptions options) {
        try {
            open(options.getConfigurationManager());
            return true;
        } catch (IOException e) {
            failure = e;
            return false;
        }
    }

    private synchronized void open(ConfigurationManager configurations) throws IOException {
        Files.createDirectories(directory);
        List<Path> files;
        try (Stream<Path> listing = Files.list(directory)) {
            files = listing.filter(f -> f.toString().endsWith(Segment.SUFFIX)).sorted().toList();
        }
        for (int i = 0; i < files.size(); i++) {
            boolean last = i == files.size() - 1;
            Segment segment =
                    Segment.open(files.get(i), last, entry -> configuration(entry, configurations));
            if (!segments.isEmpty() && segment.base() != segments.getLast().next()) {
                throw new LogCorruptException(
                        "log directory "
                                + directory
                                + " lacks entries "
                                + segments.getLast().next()
                                + " to "
                                + (segment.base() - 1));
            }
            segments.add(segment);
        }
        if (!segments.isEmpty()) {
            first = segments.getFirst().base();
        }
    }

    private static void configuration(LogRecord.View entry, ConfigurationManager configurations)
            throws LogCorruptException {
        if (entry.kind() != LogRecord.OTHER) {
            return;
        }
        LogEntry decoded = decode(entry);
        if (decoded.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
            var conf = new Configuration(decoded.getPeers(), decoded.getLearners());
            var old =
                    decoded.getOldPeers() == null
                            ? new Configuration()
                            : new Configuration(decoded.getOldPeers(), decoded.getOldLearners());
            configurations.add(new ConfigurationEntry(decoded.getId(), conf, old));
        }
    }

    private static LogEntry decode(LogRecord.View record) throws LogCorruptException {
        if (record.kind() == LogRecord.DATA) {
            var entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
            entry.setId(new LogId(record.index(), record.term()));
            entry.setData(record.body());
            return entry;
        }
        byte[] body = new byte[record.body().remaining()];
        record.body().duplicate().get(body);
        @Nullable LogEntry entry = V2Decoder.INSTANCE.decode(body);
        if (entry == null) {
            throw new LogCorruptException(
                    "log entry " + record.index() + " is sound but cannot be decoded");
        }
        return entry;
    }

    private static Segment.Entry encode(LogEntry entry) {
        LogId id = entry.getId();
        if (entry.getType() == EntryType.ENTRY_TYPE_DATA) {
            return new Segment.Entry(LogRecord.DATA, id.getIndex(), id.getTerm(), entry.getData());
        }
        var body = ByteBuffer.wrap(V2Encoder.INSTANCE.encode(entry));
        return new Segment.Entry(LogRecord.OTHER, id.getIndex(), id.getTerm(), body);
    }

    @Override
    public synchronized long getFirstLogIndex() {
        return first;
    }

    @Override
    public synchronized long getLastLogIndex() {
        return segments.isEmpty() ? first - 1 : segments.getLast().next() - 1;
    }

    @Override
    public @Nullable LogEntry getEntry(long index) {
        Segment.Location where;
        synchronized (this) {
            @Nullable Segment segment = holder(index);
            if (segment == null) {
                return null;
            }
            @Nullable LogEntry kept = newest.get(index);
            if (kept != null) {
                return kept;
            }
            where = segment.locate(index);
        }
        // A channel would be closed for all by the interruption of one reader.
        try (var file = new RandomAccessFile(where.file().toFile(), "r")) {
            byte[] bytes = new byte[where.length()];
            file.seek(where.start());
            file.readFully(bytes);
            LogRecord.@Nullable View record = LogRecord.read(ByteBuffer.wrap(bytes), 0);
            if (record == null || record.index() != index) {
                throw new LogCorruptException(
                        "log entry " + index + " in " + where.file() + " is damaged");
            }
            return decode(record);
        } catch (IOException e) {
            synchronized (this) {
                if (holder(index) == null || closed) {
                    // Truncated while it was being read.
                    return null;
                }
            }
            LOG.error("log entry cannot be read", "index", index, e);
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Segment holder(long index) {
        if (index < first) {
            return null;
        }
        for (int i = segments.size() - 1; i >= 0; i--) {
            Segment segment = segments.get(i);
            if (index >= segment.base()) {
                return index < segment.next() ? segment : null;
            }
        }
        return null;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public long getTerm(long index) {
        @Nullable LogEntry entry = getEntry(index);
        return entry == null ? 0 : entry.getId().getTerm();
    }

    @Override
    public boolean appendEntry(LogEntry entry) {
        return appendEntries(List.of(entry)) == 1;
    }

    @Override
    public int appendEntries(List<LogEntry> entries) {
        writing = true;
        try {
            return append(entries);
        } finally {
            writing = false;
        }
    }

    private int append(List<LogEntry> entries) {
        List<Segment.Entry> encoded = entries.stream().map(SegmentLogStorage::encode).toList();
        while (true) {
            try {
                long start = System.nanoTime();
                Segment segment = writable(encoded.getFirst().index());
                segment.write(encoded);
                synchronized (this) {
                    segment.added(encoded);
                    entries.forEach(newest::add);
                }
                syncNanos.accept(System.nanoTime() - start);
                if (diskFull) {
                    diskFull = false;
                    LOG.info("disk has space again, log is written", "directory", directory);
                }
                return entries.size();
            } catch (IOException e) {
                if (!DurableFiles.isDiskFull(e) || !awaitSpace()) {
                    failure = e;
                    LOG.error("log cannot be written", "directory", directory, e);
                    return 0;
                }
            }
        }
    }

    /** False when the member is being stopped meanwhile. */
    private boolean awaitSpace() {
        if (!diskFull) {
            diskFull = true;
            LOG.error(
                    "disk is full, writes are refused until there is space",
                    "directory",
                    directory);
        }
        try {
            Thread.sleep(FULL_DISK_RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    private Segment writable(long index) throws IOException {
        Segment last;
        synchronized (this) {
            if (!segments.isEmpty()) {
                last = segments.getLast();
                if (last.next() != index) {
                    throw new IOException(
                            "entry " + index + " does not follow entry " + (last.next() - 1));
                }
                if (last.end() < SEGMENT_BYTES) {
                    return last;
                }
            }
        }
        Segment fresh = Segment.create(directory, index);
        synchronized (this) {
            if (segments.isEmpty()) {
                first = index;
            }
            segments.add(fresh);
        }
        return fresh;
    }

    @Override
    public synchronized boolean truncatePrefix(long firstKept) {
        try {
            while (!segments.isEmpty() && segments.getFirst().next() <= firstKept) {
                segments.removeFirst().delete();
            }
            first = firstKept;
            return true;
        } catch (IOException e) {
            return failed(e);
        }
    }

    @Override
    public synchronized boolean truncateSuffix(long lastKept) {
        newest.clear();
        try {
            while (!segments.isEmpty() && segments.getLast().base() > lastKept) {
                segments.removeLast().delete();
            }
            DurableFiles.syncDirectory(directory);
            if (!segments.isEmpty() && segments.getLast().next() > lastKept + 1) {
                segments.getLast().truncateAfter(lastKept);
            }
            return true;
        } catch (IOException e) {
            return failed(e);
        }
    }

    @Override
    public synchronized boolean reset(long nextIndex) {
        newest.clear();
        try {
            while (!segments.isEmpty()) {
                segments.removeLast().delete();
            }
            DurableFiles.syncDirectory(directory);
            first = nextIndex;
            return true;
        } catch (IOException e) {
            return failed(e);
        }
    }

    private boolean failed(IOException e) {
        failure = e;
        LOG.error("log cannot be truncated", "directory", directory, e);
        return false;
    }

    @Override
    public synchronized void shutdown() {
        closed = true;
        for (Segment segment : segments) {
            try {
                segment.close();
            } catch (IOException e) {
                LOG.warn("log file cannot be closed", "directory", directory, e);
            }
        }
    }
}
