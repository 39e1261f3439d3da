package io.skerry.node.cli;

import io.skerry.base.text.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a wrong command line into one line with the nearest match, and exit status 2. */
final class UsageErrors implements IParameterExceptionHandler {
    private static final int STATUS = CommandLine.ExitCode.USAGE;

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        var commandLine = failure.getCommandLine();
        var message =
                failure instanceof UnmatchedArgumentException unmatched
                        ? unmatched(unmatched.getUnmatched().getFirst(), commandLine)
                        : plain(failure.getMessage());
        commandLine.getErr().println(Failures.oneLine(nameOf(commandLine), message));
        return STATUS;
    }

    /** Without the names of Java's types, and without what every line here says anyway. */
    private static @Nullable String plain(@Nullable String message) {
        return message == null
                ? null
                : message.replaceAll("is not an? (int|long)$", "is not a whole number")
                        .replaceAll("is not a double$", "is not a number")
                        .replace(" (case-sensitive)", "")
                        .replaceFirst("^Error: ", "");
    }

    private static String unmatched(String word, CommandLine commandLine) {
        if (word.startsWith("-")) {
            var flag = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            var flags = new ArrayList<String>();
            for (var option : commandLine.getCommandSpec().options()) {
                flags.addAll(List.of(option.names()));
            }
            return "no flag " + flag + remedy(flag, flags, commandLine);
        }
        var commands = commandNames(commandLine);
        return (commands.isEmpty() ? "takes no argument " : "no command ")
                + word
                + remedy(word, commands, commandLine);
    }

    private static Collection<String> commandNames(CommandLine commandLine) {
        if (commandLine.getParent() != null) {
            return commandLine.getSubcommands().keySet();
        }
        return SkerryCommand.names(); // at the root only the command in use is loaded
    }

    private static String remedy(
            String word, Collection<String> candidates, CommandLine commandLine) {
        return Nearest.to(word, candidates)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("; see " + nameOf(commandLine) + " --help");
    }

    private static String nameOf(CommandLine commandLine) {
        return commandLine.getCommandSpec().qualifiedName();
    }
}
