package io.skerry.fleet.ctl;

import java.util.List;

/** Ends a command with messages for the user, each of which becomes a line on standard error. */
final class CtlException extends Exception {
    private static final long serialVersionUID = 1L;

    static final int FAILED = 1;
    static final int USAGE = 2;

    private final transient List<String> lines;
    private final int exitCode;

    /** True when trying again would lead to the same. */
    private final boolean isFinal;

    /** What the API has answered with; 0: nothing. */
    private final int status;

    private CtlException(int exitCode, List<String> lines, boolean isFinal) {
        this(exitCode, lines, isFinal, 0);
    }

    private CtlException(int exitCode, List<String> lines, boolean isFinal, int status) {
        super(String.join("\n", lines), null, false, false);
        this.status = status;
        this.exitCode = exitCode;
        this.isFinal = isFinal;
        this.lines = List.copyOf(lines);
    }

    static CtlException failed(String line) {
        return failed(List.of(line));
    }

    /** The API has answered with a status that ends the command. */
    static CtlException answered(int status, String line) {
        return new CtlException(FAILED, List.of(line), false, status);
    }

    /** The API has understood what was asked, or knows no such thing, and will not do it. */
    static CtlException refused(int status, String line) {
        return new CtlException(FAILED, List.of(line), true, status);
    }

    static CtlException failed(List<String> lines) {
        return new CtlException(FAILED, lines, false);
    }

    static CtlException usage(String line) {
        return new CtlException(USAGE, List.of(line), true);
    }

    /** True when it is of no use to try again. */
    boolean isFinal() {
        return isFinal;
    }

    /** What the API has answered with; 0: nothing, or it does not matter. */
    int status() {
        return status;
    }

    List<String> lines() {
        return lines;
    }

    int exitCode() {
        return exitCode;
    }
}
