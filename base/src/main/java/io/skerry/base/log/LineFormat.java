package io.skerry.base.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Renders a record as {@code time=… level=info logger=Lease msg="lease granted" id=7}. */
final class LineFormat {
    private static final String OWN_PREFIX = "io.skerry.";

    private LineFormat() {}

    static String format(LogRecord record) {
        var line = new StringBuilder(160);
        line.append("time=").append(instant(record.getInstant()));
        line.append(" level=").append(word(record.getLevel()));
        String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
        line.append(" logger=").append(logger.substring(logger.lastIndexOf('.') + 1));
        boolean own = logger.startsWith(OWN_PREFIX);
        String message = own ? record.getMessage() : new SimpleFormatter().formatMessage(record);
        line.append(" msg=");
        value(line, message);
        @Nullable Throwable failure = record.getThrown();
        if (own) {
            failure = pairs(line, record.getParameters());
        }
        if (failure != null) {
            line.append(" cause=");
            value(line, chain(failure));
        }
        line.append('\n');
        boolean trace =
                failure != null
                        && (record.getLevel().intValue() < Level.INFO.intValue()
                                || record.getLevel().intValue() >= Level.SEVERE.intValue());
        if (trace && failure != null) {
            var text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            line.append(text);
        }
        return line.toString();
    }

    /** Appends the pairs and returns a last argument that is a failure without a key. */
    private static @Nullable Throwable pairs(
            StringBuilder line, @Nullable Object @Nullable [] pairs) {
        if (pairs == null) {
            return null;
        }
        int even = pairs.length & ~1;
        for (int i = 0; i < even; i += 2) {
            line.append(' ').append(pairs[i]).append('=');
            Object value = pairs[i + 1];
            value(line, value instanceof Throwable t ? chain(t) : String.valueOf(value));
        }
        if (even < pairs.length) {
            Object last = pairs[even];
            if (last instanceof Throwable t) {
                return t;
            }
            line.append(" value=");
            value(line, String.valueOf(last));
        }
        return null;
    }

    private static String chain(Throwable failure) {
        var text = new StringBuilder();
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 5; t = t.getCause(), depth++) {
            if (depth > 0) {
                text.append(": ");
            }
            text.append(t.getClass().getSimpleName());
            if (t.getMessage() != null) {
                text.append(": ").append(t.getMessage());
            }
        }
        return text.toString();
    }

    /** Quotes what a reader could not split again at blanks and "=". */
    private static void value(StringBuilder line, String value) {
        boolean plain = !value.isEmpty();
        for (int i = 0; plain && i < value.length(); i++) {
            char c = value.charAt(i);
            plain = c > ' ' && c != '"' && c != '=' && c != '\\' && c != 127;
        }
        if (plain) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ' || c == 127) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }

    private static String instant(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String word(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "error";
        }
        if (value >= Level.WARNING.intValue()) {
            return "warn";
        }
        return value >= Level.INFO.intValue() ? "info" : "debug";
    }
}
