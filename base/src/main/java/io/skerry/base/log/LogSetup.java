package io.skerry.base.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Routes all logging of the process to standard error in our format. {@code main} calls {@link
 * #install} first of all.
 */
public final class LogSetup {
    /** Held so that the levels set on them are not garbage-collected with the loggers. */
    private static final Logger ROOT = Logger.getLogger("");

    private static final Logger OURS = Logger.getLogger("io.skerry");

    private LogSetup() {}

    /**
     * Installs the format with the level of the environment variable SKERRY_LOG_LEVEL (error, warn,
     * info, debug), or else the given one.
     *
     * @throws IllegalArgumentException if the variable holds another word
     */
    public static void install(String defaultLevel) {
        install(defaultLevel, List.of(new FileOutputStream(FileDescriptor.err)));
    }

    /**
     * As the other one, but with every event written to each of some streams.
     *
     * @throws IllegalArgumentException if the variable holds another word
     */
    public static void install(String defaultLevel, List<OutputStream> outputs) {
        String fromEnvironment = System.getenv("SKERRY_LOG_LEVEL");
        boolean set = fromEnvironment != null && !fromEnvironment.isBlank();
        install(
                set && fromEnvironment != null ? fromEnvironment : defaultLevel,
                outputs.toArray(OutputStream[]::new));
    }

    static void install(String level, OutputStream... outputs) {
        Level ours = parse(level);
        LogManager.getLogManager().reset();
        for (OutputStream out : outputs) {
            ROOT.addHandler(new LineHandler(out));
        }
        ROOT.setLevel(Level.WARNING);
        OURS.setLevel(ours);
    }

    /** Changes the level of our own events while the program runs. */
    public static void level(String level) {
        OURS.setLevel(parse(level));
    }

    private static Level parse(String level) {
        return switch (level.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.SEVERE;
            case "warn", "warning" -> Level.WARNING;
            case "info" -> Level.INFO;
            case "debug" -> Level.FINE;
            default ->
                    throw new IllegalArgumentException(
                            "log level \"" + level + "\" is none of error, warn, info, debug");
        };
    }

    /** One write system call per event, so that lines of several threads never mix. */
    private static final class LineHandler extends Handler {
        private final OutputStream out;

        LineHandler(OutputStream out) {
            this.out = out;
        }

        @Override
        public synchronized void publish(@Nullable LogRecord record) {
            if (record == null || !isLoggable(record)) {
                return;
            }
            try {
                out.write(LineFormat.format(record).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                reportError(null, e, java.util.logging.ErrorManager.WRITE_FAILURE);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            try {
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
