package io.skerry.systemd.unit;

/** A line goes on in the next one when it ends with a backslash that is not itself escaped. */
final class Continuation {
    private Continuation() {}

    static boolean ends(String line) {
        int backslashes = 0;
        while (backslashes < line.length()
                && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
