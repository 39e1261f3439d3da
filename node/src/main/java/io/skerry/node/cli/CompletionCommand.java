package io.skerry.node.cli;

import io.skerry.base.text.CompletionScript;
import io.skerry.base.text.CompletionScript.Entry;
import io.skerry.base.text.CompletionScript.Shell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints a script that completes commands and flags in a shell. */
@Command(
        name = "completion",
        description = "Print the script by which a shell completes commands and flags.",
        footer = {
            "",
            "Examples:",
            "  source <(skerry completion)",
            "  skerry completion fish > ~/.config/fish/completions/skerry.fish"
        })
final class CompletionCommand implements Runnable {
    /** The names of the shells, in help. */
    private static final class Shells implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Shell.values()).map(Shell::shellName).iterator();
        }
    }

    private static final class ShellName implements ITypeConverter<Shell> {
        @Override
        public Shell convert(String text) {
            for (Shell shell : Shell.values()) {
                if (shell.shellName().equals(text)) {
                    return shell;
                }
            }
            throw new TypeConversionException(
                    "\"" + text + "\" is none of " + String.join(", ", new Shells()));
        }
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            defaultValue = "bash",
            converter = ShellName.class,
            completionCandidates = Shells.class,
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Shell shell = Shell.BASH;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        var entries = new ArrayList<Entry>();
        var everything = Main.everything();
        entries.add(new Entry(List.of(), "", flags(everything)));
        for (var command : SkerryCommand.values()) {
            add(
                    entries,
                    List.of(command.commandName()),
                    command.summary(),
                    Objects.requireNonNull(everything.getSubcommands().get(command.commandName())));
        }
        spec.commandLine().getOut().print(CompletionScript.of(shell, "skerry", entries));
    }

    private static void add(
            List<Entry> entries, List<String> path, String summary, CommandLine command) {
        entries.add(new Entry(path, summary, flags(command)));
        command.getSubcommands()
                .forEach((name, inner) -> {
                    if (!inner.getCommandSpec().usageMessage().hidden()) {
                        add(
                                entries,
                                Stream.concat(path.stream(), Stream.of(name)).toList(),
                                summary(inner),
                                inner);
                    }
                });
    }

    private static String summary(CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        return description.length == 0 ? "" : Ansi.OFF.string(description[0].formatted());
    }

    private static List<String> flags(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::names)
                .flatMap(Arrays::stream)
                .toList();
    }
}
