package io.skerry.node.cli;

import io.skerry.base.file.FileFault;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns a failure into one line and exit status 1; with {@code SKERRY_DEBUG=1} the trace follows.
 */
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
            Exception failure, CommandLine commandLine, ParseResult parsed) {
        return tell(failure, commandLine.getErr());
    }

    /** Tells it; gives the exit status. */
    static int tell(Exception failure, PrintWriter err) {
        err.println(oneLine("skerry", describe(failure)));
        if (Objects.equals(System.getenv("SKERRY_DEBUG"), "1")) {
            failure.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String describe(Exception failure) {
        var message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return failure instanceof FileSystemException onFile ? FileFault.of(onFile) : message;
    }

    static String oneLine(String who, @Nullable String message) {
        var words = message == null ? "" : message.strip();
        return who + ": " + words.replaceAll("\\s*\\R\\s*", "; ");
    }
}
