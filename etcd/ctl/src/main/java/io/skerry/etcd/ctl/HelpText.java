package io.skerry.etcd.ctl;

import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.GlobalFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code --help} prints. */
final class HelpText {
    static final Flag HELP = Flag.on("help", "show this help").letter('h');

    private static final int EXAMPLES = 3;

    private HelpText() {}

    static List<Flag> globalFlagsAndHelp() {
        var flags = new ArrayList<>(GlobalFlags.ALL);
        // Stands between the words of endpoint and its commands.
        flags.add(Flag.on("cluster", ""));
        flags.add(HELP);
        return List.copyOf(flags);
    }

    /** Of all commands, or of a group of them. */
    static String of(List<CtlCommand> commands, Optional<String> group) {
        var text = new StringBuilder("Usage: etcdctl ");
        group.ifPresent(word -> text.append(word).append(' '));
        text.append("COMMAND [FLAGS]\n\nCommands\n");
        for (CtlCommand command : commands) {
            text.append("  %-24s %s%n".formatted(command.path(), command.summary()));
        }
        if (group.isEmpty()) {
            text.append("  %-24s %s%n".formatted("help [COMMAND]", "show help"));
        }
        flags(text, "Flags of every command", GlobalFlags.ALL);
        return examples(text, commands)
                .append("\nEvery flag but --help can be set as ETCDCTL_NAME in the environment.\n")
                .toString();
    }

    static String of(CtlCommand command) {
        var created = command.create();
        var text =
                new StringBuilder("etcdctl ")
                        .append(command.path())
                        .append(": ")
                        .append(command.summary())
                        .append("\n\nUsage: etcdctl ")
                        .append(command.path())
                        .append(' ')
                        .append(created.usage())
                        .append('\n');
        if (!created.flags().isEmpty()) {
            flags(text, "Flags", created.flags());
        }
        flags(text, "Flags of every command", GlobalFlags.ALL);
        return examples(text, List.of(command)).toString();
    }

    /** Of a few commands at most. */
    private static StringBuilder examples(StringBuilder text, List<CtlCommand> commands) {
        text.append(commands.size() == 1 ? "\nExample:\n" : "\nExamples:\n");
        commands.stream()
                .limit(EXAMPLES)
                .forEach(command -> text.append("  ").append(command.example()).append('\n'));
        return text;
    }

    private static StringBuilder flags(StringBuilder text, String title, List<Flag> flags) {
        text.append('\n').append(title).append('\n');
        flags.forEach(flag -> text.append(flag.line()));
        return text;
    }
}
