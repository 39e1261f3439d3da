package io.skerry.systemd.journal;

import org.jspecify.annotations.Nullable;

/**
 * Log lines as they come. Reading and closing may happen on different threads; closing ends a
 * blocked read.
 */
public interface JournalStream extends AutoCloseable {
    /**
     * The next line without its end, or null when the log has no more lines or the stream was
     * closed. Blocks when following and there is no new line yet.
     *
     * @throws JournalException when journalctl failed
     */
    @Nullable String next() throws JournalException;

    /** Ends the child process. Closing again does nothing. */
    @Override
    void close();
}
