package io.skerry.systemd.unit;

/**
 * One assignment of a unit file. The value is kept as written, without the whitespace around it; a
 * value that goes over several lines contains a backslash and a newline where one line ends. {@link
 * #joined()} is what systemd sees. An empty value resets a list in systemd and is kept.
 */
public record UnitOption(String section, String name, String value) {
    /**
     * The value as systemd reads it: each backslash-newline, and what leads the next line, is a
     * space.
     */
    public String joined() {
        if (value.indexOf('\n') < 0) {
            return value;
        }
        var text = new StringBuilder(value.length());
        for (String line : value.split("\n", -1)) {
            String part = Whitespace.trim(line);
            text.append(
                    Continuation.ends(line) ? part.substring(0, part.length() - 1) + " " : part);
        }
        return Whitespace.trim(text.toString());
    }

    @Override
    public String toString() {
        return "[" + section + "] " + name + "=" + value;
    }
}
