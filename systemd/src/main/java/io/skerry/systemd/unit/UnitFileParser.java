package io.skerry.systemd.unit;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a unit file by the rules of systemd's own parser (systemd.syntax(7)), but where that one
 * warns and skips a line, this one records a fault: what a user wrote is either meant or refused.
 *
 * <p>Rules that are easily got wrong: a comment ({@code #} or {@code ;} after optional whitespace)
 * may stand between the lines of a continued value and does not end it; an empty line does; a
 * backslash continues only when it is the very last character and not escaped by another;
 * whitespace around names and values goes, whitespace within stays.
 */
final class UnitFileParser {
    static final int MAX_CHARS = 1 << 20;

    private static final int MAX_QUOTED = 60;
    private static final int MAX_FAULTS = 100;

    private final Sections sections;
    private final List<UnitOption> options = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private String section = "";
    private boolean inSection;

    private UnitFileParser(Sections sections) {
        this.sections = sections;
    }

    static List<UnitOption> parse(String fileName, String text) throws UnitFileException {
        var parser = new UnitFileParser(Sections.of(fileName));
        if (text.length() > MAX_CHARS) {
            parser.fault(
                    1,
                    "the file has "
                            + text.length()
                            + " characters; at most "
                            + MAX_CHARS
                            + " are allowed");
        } else {
            parser.read(text);
        }
        if (!parser.faults.isEmpty()) {
            throw new UnitFileException(fileName, parser.faults, parser.options);
        }
        return parser.options;
    }

    private void read(String text) {
        var value = new StringBuilder();
        int number = 0;
        int firstOfValue = 0;
        boolean continued = false;
        int position = text.startsWith("\uFEFF") ? 1 : 0;
        while (position < text.length()) {
            int end = endOfLine(text, position);
            String line = text.substring(position, end);
            position = end + lengthOfLineEnd(text, end);
            number++;
            checkCharacters(number, line);
            String content = Whitespace.trimStart(line);
            if (content.startsWith("#") || content.startsWith(";")) {
                continue;
            }
            if (!continued) {
                firstOfValue = number;
                value.setLength(0);
                value.append(content);
            } else {
                value.append('\n').append(line);
            }
            continued = Continuation.ends(line);
            if (!continued) {
                logicalLine(firstOfValue, value.toString());
            }
        }
        if (continued) {
            logicalLine(firstOfValue, value.toString());
        }
    }

    /** systemd ends a line at CR as well as at LF, and takes either order of both as one end. */
    private static int endOfLine(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '\n' && text.charAt(i) != '\r') {
            i++;
        }
        return i;
    }

    private static int lengthOfLineEnd(String text, int at) {
        if (at + 1 < text.length()) {
            char first = text.charAt(at);
            char second = text.charAt(at + 1);
            if (first != second && (second == '\n' || second == '\r')) {
                return 2;
            }
        }
        return 1;
    }

    private void checkCharacters(int number, String line) {
        if (line.indexOf('\0') >= 0) {
            fault(number, "a NUL character; unit files are text");
        } else if (line.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            fault(number, "half of a surrogate pair; unit files are valid Unicode");
        }
    }

    private void logicalLine(int number, String raw) {
        String line = trimValue(raw);
        if (line.isEmpty()) {
            return;
        }
        if (line.startsWith("[")) {
            header(number, line);
            return;
        }
        int equals = line.indexOf('=');
        String name = equals < 0 ? line : Whitespace.trim(line.substring(0, equals));
        if (equals < 0) {
            fault(number, "'" + quoted(line) + "' has no '='; write Name=value");
        } else if (name.isEmpty()) {
            fault(number, "no name before '='");
        } else if (name.indexOf('\n') >= 0) {
            fault(number, "the name of an option may not go over several lines");
        } else if (!inSection) {
            fault(
                    number,
                    "'"
                            + quoted(name)
                            + "' stands before any section; begin with one, for instance [Unit]");
        } else {
            options.add(new UnitOption(section, name, trimValue(line.substring(equals + 1))));
        }
    }

    private void header(int number, String line) {
        String name = line.substring(1, Math.max(1, line.length() - 1));
        boolean closed = line.length() > 1 && line.endsWith("]");
        inSection = true;
        if (!closed || name.chars().anyMatch(c -> c == '[' || c == ']' || c < ' ')) {
            // Options that follow are not reported on top of it: they belong to whatever was meant.
            section = "";
            fault(number, "invalid section header '" + quoted(line) + "'; write [Name]");
            return;
        }
        section = name;
        if (!sections.knows(name)) {
            fault(number, sections.explain(name));
        }
    }

    /**
     * Trims a value of one or more lines, and drops what would not come back when it is read again:
     * a continuation into nothing.
     */
    private static String trimValue(String raw) {
        String text = Whitespace.trim(raw);
        while (Continuation.ends(text)) {
            text = Whitespace.trimEnd(text.substring(0, text.length() - 1));
        }
        return text;
    }

    private void fault(int line, String message) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Fault(line, section, message));
        }
    }

    private static String quoted(String text) {
        String oneLine = text.replace('\n', ' ');
        return oneLine.length() <= MAX_QUOTED ? oneLine : oneLine.substring(0, MAX_QUOTED) + "…";
    }
}
