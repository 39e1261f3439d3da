package io.skerry.etcd.server.consensus.log;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The entries that were written last. With each new entry leader and followers ask for the one
 * before it, to compare its term; by then the library has often forgotten it, and to open, read and
 * check a file for that would cost more than the rest of taking the new one.
 *
 * <p>Not thread-safe; {@link SegmentLogStorage} guards it.
 */
final class NewestEntries {
    private static final int MOST = 8;

    /** The newest one is kept however large it is. */
    private static final long MOST_BYTES = 1 << 20;

    private final ArrayDeque<Kept> entries = new ArrayDeque<>();
    private long bytes;

    /** Keeps an entry that is durable now and follows all others. */
    void add(LogEntry entry) {
        if (entry.getType() != EntryType.ENTRY_TYPE_DATA) {
            // A change of members or a leader's first entry: seldom, and its form is the library's.
            clear();
            return;
        }
        LogId id = entry.getId();
        ByteBuffer body = entry.getData();
        entries.addLast(new Kept(id.getIndex(), id.getTerm(), body.duplicate()));
        bytes += body.remaining();
        while (entries.size() > MOST || (bytes > MOST_BYTES && entries.size() > 1)) {
            bytes -= entries.removeFirst().body.remaining();
        }
    }

    /** An entry of its own that shares the data with others, or null if it is not kept. */
    @Nullable LogEntry get(long index) {
        for (Iterator<Kept> newest = entries.descendingIterator(); newest.hasNext(); ) {
            Kept kept = newest.next();
            if (kept.index == index) {
                var entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
                entry.setId(new LogId(index, kept.term));
                entry.setData(kept.body.duplicate());
                return entry;
            }
        }
        return null;
    }

    /** What is in the log has changed otherwise than by growing. */
    void clear() {
        entries.clear();
        bytes = 0;
    }

    private record Kept(long index, long term, ByteBuffer body) {}
}
