package io.skerry.node.cli;

import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.node.cli.EtcdctlWords.Streams;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/**
 * Entry of the program. Exit status: 0 done, 1 failed (one line on standard error says why), 2 the
 * command line was wrong. With {@code SKERRY_DEBUG=1} a failure comes with its stack trace.
 */
public final class Main {
    private Main() {}

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) {
        var words = CommandWords.of(args);
        if (words.command().equals(Optional.of(SkerryCommand.ETCDCTL.commandName()))) {
            var streams = new Streams(System.in, System.out, System.err);
            System.exit(EtcdctlWords.run(words, RawWords.of(args), streams));
        }
        // Not through System.console(): output is piped as often as it is read.
        var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        var status = run(out, err, args);
        out.flush();
        err.flush();
        System.exit(status);
    }

    /**
     * Runs one command line in this process.
     *
     * @return the exit status
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        var words = CommandWords.of(args);
        if (words.command().equals(Optional.of(SkerryCommand.FLEET.commandName()))) {
            return runFleet(words.globalsFirst(), out, err);
        }
        if (words.command().equals(Optional.of(SkerryCommand.ETCDCTL.commandName()))) {
            return EtcdctlWords.run(
                    words,
                    Arrays.stream(args).map(ByteText::ofText).toList(),
                    new Streams(System.in, new TextStream(out), new TextStream(err)));
        }
        if (words.command().equals(Optional.of(SkerryCommand.FLANNELD.commandName()))) {
            var status = FlanneldWords.run(words, err);
            if (status.isPresent()) {
                return status.get();
            }
        }
        return commandLine(words).setOut(out).setErr(err).execute(args);
    }

    private static int runFleet(CommandWords words, PrintWriter out, PrintWriter err) {
        if (words.before().isEmpty()) {
            // Most commands: to read no flags would take a tenth of their time.
            return FleetWords.run(Skerry.USUAL_PLAYGROUND, false, words.after(), out, err);
        }
        var playground = words.onlyPlayground();
        if (playground.isPresent()) {
            return FleetWords.run(playground.get(), true, words.after(), out, err);
        }
        var root = new Skerry();
        var globals = settings(new CommandLine(root)).setOut(out).setErr(err);
        boolean named;
        try {
            var parsed = globals.parseArgs(words.before().toArray(String[]::new));
            if (parsed.isUsageHelpRequested()) {
                globals.usage(out);
                return 0;
            }
            named = parsed.hasMatchedOption("--playground");
        } catch (ParameterException e) {
            return new UsageErrors().handleParseException(e, new String[0]);
        }
        return FleetWords.run(root.playground(), named, words.after(), out, err);
    }

    /** The root with only the command that is named: loading all of them would cost a second. */
    private static CommandLine commandLine(CommandWords words) {
        var root = new CommandLine(new Skerry());
        var named = words.command().flatMap(SkerryCommand::named);
        if (named.isPresent()) {
            root.addSubcommand(named.get().commandName(), named.get().create());
        }
        return settings(root);
    }

    private static CommandLine settings(CommandLine root) {
        root.getHelpSectionMap()
                .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> commandTable(help));
        return root.setAllowSubcommandsAsOptionParameters(true)
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler(new Failures())
                .setUsageHelpWidth(100);
    }

    /** The root with every command, as completion needs it. */
    static CommandLine everything() {
        var root = new CommandLine(new Skerry());
        for (var command : SkerryCommand.values()) {
            root.addSubcommand(command.commandName(), command.create());
        }
        return root;
    }

    private static String commandTable(Help help) {
        var table = new StringBuilder();
        for (var group : SkerryCommand.Group.values()) {
            table.append(System.lineSeparator())
                    .append(help.colorScheme().text("@|bold " + group.title() + "|@"))
                    .append(System.lineSeparator());
            for (var command : SkerryCommand.values()) {
                if (command.group() == group) {
                    table.append(
                            "  %-12s %s%n".formatted(command.commandName(), command.summary()));
                }
            }
        }
        return table.toString();
    }
}
