package io.skerry.etcd.server.consensus.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log with consecutive entries. Space is taken ahead in steps of zeros, so that
 * most batches change no metadata and their sync is a single write of data.
 *
 * <p>Not thread-safe; {@link SegmentLogStorage} owns it. Readers open the file by {@link #locate},
 * which may run beside an append.
 */
final class Segment {
    static final String SUFFIX = ".log";
    private static final int HEADER = 24;
    private static final long MAGIC = 0x534b_4552_5259_4c31L; // "SKERRYL1"
    private static final int STEP_BYTES = 4 << 20;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10);

    private final Path file;
    private final long base;
    private final FileChannel channel;

    /** Where entry {@code base + i} begins; the last element is where the next one will. */
    private int[] starts = new int[64];

    private int count;
    private long allocated;

    private Segment(Path file, long base, FileChannel channel) {
        this.file = file;
        this.base = base;
        this.channel = channel;
        starts[0] = HEADER;
    }

    /** Creates the file and makes its name durable. */
    static Segment create(Path directory, long base) throws IOException {
        Path file = directory.resolve(String.format(Locale.ROOT, "%020d" + SUFFIX, base));
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            ByteBuffer header = ByteBuffer.allocate(HEADER).putLong(MAGIC).putLong(base);
            writeFully(channel, header.rewind(), 0);
            channel.force(true);
            DurableFiles.syncDirectory(directory);
        } catch (IOException e) {
            channel.close();
            // An empty segment would read as a gap after a restart.
            Files.deleteIfExists(file);
            throw e;
        }
        return new Segment(file, base, channel);
    }

    /**
     * Opens a file and finds its entries.
     *
     * @param last whether this is the newest segment, whose tail may be torn
     * @throws LogCorruptException if an entry is unsound that had been durable
     */
    static Segment open(Path file, boolean last, Visitor visitor) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        if (content.limit() < HEADER || content.getLong(0) != MAGIC) {
            throw new LogCorruptException("log file " + file + " has no valid header");
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var segment = new Segment(file, content.getLong(8), channel);
        try {
            int end = segment.scan(content, visitor);
            if (!last || hasDurableRecordBehind(content, end)) {
                if (!last && onlyZeros(content, end)) {
                    segment.allocated = content.limit();
                    return segment;
                }
                throw new LogCorruptException(
                        "log file "
                                + file
                                + " is damaged at byte "
                                + end
                                + " (entry "
                                + segment.next()
                                + "), before its end; restore this member from its peers: move its"
                                + " data directory away and add it again");
            }
            if (!onlyZeros(content, end)) {
                // The tail of a batch that nobody was told of; its remains must not be taken for
                // records of a later batch.
                channel.truncate(end);
                channel.force(true);
            }
            segment.allocated = channel.size();
            return segment;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private int scan(ByteBuffer content, Visitor visitor) throws LogCorruptException {
        int position = HEADER;
        while (true) {
            LogRecord.@Nullable View found = LogRecord.read(content, position);
            if (found == null) {
                return position;
            }
            if (found.index() != next()) {
                if (found.batchStart() < position) {
                    // Whole, but written for another place: the remains of a torn write.
                    return position;
                }
                throw new LogCorruptException(
                        "log file "
                                + file
                                + " holds entry "
                                + found.index()
                                + " where entry "
                                + next()
                                + " is due");
            }
            visitor.entry(found);
            position += found.paddedLength();
            added(position);
        }
    }

    private static boolean hasDurableRecordBehind(ByteBuffer content, int bad) {
        for (int at = bad + LogRecord.ALIGNMENT; at < content.limit(); at += LogRecord.ALIGNMENT) {
            LogRecord.@Nullable View later = LogRecord.read(content, at);
            if (later != null && later.batchStart() > bad) {
                return true;
            }
        }
        return false;
    }

    private static boolean onlyZeros(ByteBuffer content, int from) {
        for (int at = from; at < content.limit(); at += ZEROS.capacity()) {
            int length = Math.min(ZEROS.capacity(), content.limit() - at);
            if (content.slice(at, length).mismatch(ZEROS.duplicate().limit(length)) >= 0) {
                return false;
            }
        }
        return true;
    }

    long base() {
        return base;
    }

    /** Index of the entry that would be appended next. */
    long next() {
        return base + count;
    }

    /** Bytes of entries. */
    int end() {
        return starts[count];
    }

    /**
     * Writes entries behind the last one and makes them durable; {@link #added} is to follow. After
     * a failure the same call may be repeated.
     */
    void write(List<Entry> entries) throws IOException {
        int batchStart = end();
        var buffers = new ByteBuffer[entries.size() * 3];
        int position = batchStart;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            ByteBuffer body = entry.body().duplicate();
            buffers[3 * i] =
                    LogRecord.header(entry.kind(), entry.index(), entry.term(), batchStart, body);
            buffers[3 * i + 1] = body;
            int padded = LogRecord.paddedLength(body.remaining());
            buffers[3 * i + 2] = ByteBuffer.allocate(padded - LogRecord.HEADER - body.remaining());
            position += padded;
        }
        boolean grown = reserve(position);
        channel.position(batchStart);
        long left = (long) position - batchStart;
        while (left > 0) {
            left -= channel.write(buffers);
        }
        channel.force(grown);
    }

    /** Entries that are durable now can be located. */
    void added(List<Entry> entries) {
        int position = end();
        for (Entry entry : entries) {
            position += LogRecord.paddedLength(entry.body().remaining());
            added(position);
        }
    }

    /** Takes space up to a position and a step beyond. */
    private boolean reserve(long end) throws IOException {
        if (end <= allocated) {
            return false;
        }
        long wanted = end + STEP_BYTES;
        for (long at = Math.max(allocated, end); at < wanted; ) {
            int length = (int) Math.min(ZEROS.capacity(), wanted - at);
            at += writeFully(channel, ZEROS.duplicate().limit(length), at);
        }
        allocated = wanted;
        return true;
    }

    private static int writeFully(FileChannel channel, ByteBuffer buffer, long position)
            throws IOException {
        int written = 0;
        while (buffer.hasRemaining()) {
            written += channel.write(buffer, position + written);
        }
        return written;
    }

    private void added(int end) {
        count++;
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count] = end;
    }

    /** Where an entry lies. */
    Location locate(long index) {
        int i = (int) (index - base);
        return new Location(file, starts[i], starts[i + 1] - starts[i]);
    }

    /** Forgets all entries behind one and makes that durable. */
    void truncateAfter(long lastKept) throws IOException {
        count = (int) (lastKept - base + 1);
        channel.truncate(end());
        channel.force(true);
        allocated = end();
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    void close() throws IOException {
        channel.close();
    }

    /** One entry to append. */
    record Entry(int kind, long index, long term, ByteBuffer body) {}

    /** Where an entry's record lies. */
    record Location(Path file, int start, int length) {}

    /** Is shown every entry when a file is opened. */
    interface Visitor {
        void entry(LogRecord.View entry) throws LogCorruptException;
    }
}
