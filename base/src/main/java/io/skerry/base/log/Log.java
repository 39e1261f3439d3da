package io.skerry.base.log;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes events: a constant message and key-value pairs, e.g. {@code log.info("lease granted",
 * "id", id, "ttlSeconds", ttl)}. Levels: error = someone must act, warn = it will heal by itself
 * but should not happen, info = a change of state, debug = for those who look for a fault.
 *
 * <p>Pairs are rendered only when the level is on. A {@link Throwable} as the last argument without
 * a key is written with its stack trace at debug and as its message chain otherwise. Thread-safe.
 */
public final class Log {
    private final Logger logger;

    private Log(Logger logger) {
        this.logger = logger;
    }

    /** The log of a class; the line names it by its simple name. */
    public static Log of(Class<?> source) {
        return new Log(Logger.getLogger(source.getName()));
    }

    public void error(String message, @Nullable Object... pairs) {
        write(Level.SEVERE, message, pairs);
    }

    public void warn(String message, @Nullable Object... pairs) {
        write(Level.WARNING, message, pairs);
    }

    public void info(String message, @Nullable Object... pairs) {
        write(Level.INFO, message, pairs);
    }

    public void debug(String message, @Nullable Object... pairs) {
        write(Level.FINE, message, pairs);
    }

    public boolean debugging() {
        return logger.isLoggable(Level.FINE);
    }

    private void write(Level level, String message, @Nullable Object[] pairs) {
        if (!logger.isLoggable(level)) {
            return;
        }
        var record = new LogRecord(level, message);
        record.setLoggerName(logger.getName());
        record.setParameters(pairs);
        logger.log(record);
    }
}
