package io.skerry.node.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every command of the program. {@link #create} is what loads a command's classes. */
enum SkerryCommand {
    PKI(Group.HOST, "pki", "make the certificates of a cluster"),
    COMPLETION(Group.OTHER, "completion", "print a completion script for bash"),
    VERSION(Group.OTHER, "version", "print the version of the program and of its Java");

    /** Headings of the root's help, in their order. */
    enum Group {
        HOST("On a host"),
        OTHER("Other");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Group group;
    private final String commandName;
    private final String summary;

    SkerryCommand(Group group, String commandName, String summary) {
        this.group = group;
        this.commandName = commandName;
        this.summary = summary;
    }

    static Optional<SkerryCommand> named(String name) {
        for (var command : values()) {
            if (command.commandName.equals(name)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(SkerryCommand::commandName).toList();
    }

    Group group() {
        return group;
    }

    String commandName() {
        return commandName;
    }

    String summary() {
        return summary;
    }

    /** A new object for picocli to fill and run. */
    Object create() {
        return switch (this) {
            case PKI -> new PkiCommand();
            case COMPLETION -> new CompletionCommand();
            case VERSION -> new VersionCommand();
        };
    }
}
