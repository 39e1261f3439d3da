package io.skerry.fleet.ctl;

import java.util.List;

/** Ends a command with messages for the user, each of which becomes a line on standard error. */
final class CtlException extends Exception {
    private static final long serialVersionUID = 1L;

    static final int FAILED = 1;
    static final int USAGE = 2;

    private final transient List<String> lines;
    private final int exitCode;

    private CtlException(int exitCode, List<String> lines) {
        super(String.join("\n", lines), null, false, false);
        this.exitCode = exitCode;
        this.lines = List.copyOf(lines);
    }

    static CtlException failed(String line) {
        return new CtlException(FAILED, List.of(line));
    }

    static CtlException failed(List<String> lines) {
        return new CtlException(FAILED, lines);
    }

    static CtlException usage(String line) {
        return new CtlException(USAGE, List.of(line));
    }

    List<String> lines() {
        return lines;
    }

    int exitCode() {
        return exitCode;
    }
}
