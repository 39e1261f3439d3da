package io.skerry.base.process;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that could not be run, ran too long, or ended with another exit code than expected. */
public final class CommandException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> command;
    private final int exitCode;

    CommandException(List<String> command, int exitCode, String what, @Nullable Throwable cause) {
        super("command \"" + String.join(" ", command) + "\" " + what, cause);
        this.command = List.copyOf(command);
        this.exitCode = exitCode;
    }

    public List<String> command() {
        return command;
    }

    /** The exit code; -1 when it did not start or did not end in time. */
    public int exitCode() {
        return exitCode;
    }
}
