package io.skerry.base.process;

import java.util.List;

/** How a command ended. */
public record Finished(List<String> command, int exitCode, String stdout, String stderr) {
    private static final int SHOWN_STDERR_CHARS = 400;

    public boolean succeeded() {
        return exitCode == 0;
    }

    /** Itself if the exit code is 0. */
    public Finished orThrow() throws CommandException {
        if (exitCode == 0) {
            return this;
        }
        String tail = stderr.strip();
        if (tail.length() > SHOWN_STDERR_CHARS) {
            tail = "…" + tail.substring(tail.length() - SHOWN_STDERR_CHARS);
        }
        String what = "failed with exit code " + exitCode;
        throw new CommandException(
                command, exitCode, tail.isEmpty() ? what : what + ": " + tail, null);
    }
}
