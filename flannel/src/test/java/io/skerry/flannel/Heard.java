package io.skerry.flannel;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a class logs from now on, at any level. */
public final class Heard extends Handler implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level before;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    private Heard(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
    }

    public static Heard of(Class<?> source) {
        var heard = new Heard(Logger.getLogger(source.getName()));
        heard.logger.addHandler(heard);
        heard.logger.setLevel(Level.ALL);
        return heard;
    }

    /** Whether a message began so. */
    public boolean has(String beginning) {
        return messages.stream().anyMatch(message -> message.startsWith(beginning));
    }

    /** How many messages began so. */
    public long count(String beginning) {
        return messages.stream().filter(message -> message.startsWith(beginning)).count();
    }

    @Override
    public void publish(LogRecord event) {
        messages.add(event.getMessage());
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(before);
    }
}
