package io.skerry.fleet.ctl;

import io.skerry.base.text.Nearest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line of fleet. */
public final class FleetCtl {
    private static final int INTERRUPTED = 130;
    private static final int HELP_WIDTH = 100;

    private FleetCtl() {}

    /**
     * Runs a command to its end.
     *
     * @param arguments what follows {@code fleetctl} or {@code skerry fleet}
     * @return the exit code: 0 done, 1 failed, 2 the command line was wrong; standard error says
     *     why
     */
    public static int run(List<String> arguments, Surroundings surroundings) {
        int code = CtlException.FAILED;
        try {
            code = runGlobals(arguments, surroundings);
        } catch (CtlException e) {
            code = e.exitCode();
            String who = e.exitCode() == CtlException.USAGE ? surroundings.program() + ": " : "";
            e.lines().forEach(line -> surroundings.err().println(who + line));
        } catch (IOException e) {
            surroundings.err().println(surroundings.program() + ": " + words(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            code = INTERRUPTED;
        }
        surroundings.out().flush();
        surroundings.err().flush();
        return code;
    }

    private static int runGlobals(List<String> arguments, Surroundings surroundings)
            throws CtlException, IOException, InterruptedException {
        var globals = new FleetCommand();
        var environment = surroundings.environment();
        boolean plain = globals.take(arguments, environment);
        if (!plain) {
            parse(FleetCommand.parser(globals, environment), arguments, "");
        }
        if (globals.version()) {
            return version(surroundings);
        }
        if (globals.help()) {
            return new HelpCommand().list(surroundings);
        }
        if (globals.words().isEmpty()) {
            throw CtlException.usage("a command is missing; help lists the commands");
        }
        globals.check();
        var words = globals.words();
        var command = CtlCommand.named(words.getFirst());
        var action = command.create();
        List<String> own = words.subList(1, words.size());
        boolean taken = plain && own.stream().noneMatch(FleetCtl::isFlag) && action.take(own);
        if (!taken) {
            var parser = commandLine(action, command.commandName(), surroundings);
            parse(parser, own, command.commandName());
            if (action.helpWanted()) {
                parser.usage(surroundings.out());
                return 0;
            }
        }
        try (var session = new Session(surroundings, globals)) {
            return action.run(session);
        }
    }

    private static boolean isFlag(String word) {
        return word.startsWith("-");
    }

    /** A reader of one command's arguments that knows how the user calls it. */
    static CommandLine commandLine(CtlAction action, String name, Surroundings surroundings) {
        return new CommandLine(action)
                .setCommandName(surroundings.program() + " " + name)
                .setStopAtPositional(action instanceof SshCommand)
                .setUsageHelpWidth(HELP_WIDTH);
    }

    static int version(Surroundings surroundings) {
        surroundings.out().println("fleetctl version " + surroundings.version());
        return 0;
    }

    private static void parse(CommandLine parser, List<String> arguments, String command)
            throws CtlException {
        var normal =
                GoFlags.normalize(parser.getCommandSpec(), arguments, parser.isStopAtPositional());
        try {
            parser.parseArgs(normal.toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw CtlException.usage(unmatched(parser, e.getUnmatched().getFirst(), command));
        } catch (ParameterException e) {
            throw CtlException.usage(
                    (command.isEmpty() ? "" : command + ": ")
                            + words(e).replaceAll("\\s*\\R\\s*", "; "));
        }
    }

    private static String unmatched(CommandLine parser, String argument, String command) {
        String where = command.isEmpty() ? "" : " of " + command;
        String help = command.isEmpty() ? "--help" : "help " + command;
        if (!argument.startsWith("-")) {
            return command + " takes no argument '" + argument + "'; " + help + " tells more";
        }
        String flag = argument.replaceFirst("=.*", "");
        var known = new ArrayList<String>();
        for (OptionSpec option : parser.getCommandSpec().options()) {
            if (!option.hidden()) {
                known.addAll(List.of(option.names()));
            }
        }
        return "unknown flag "
                + flag
                + where
                + Nearest.to(flag, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; " + help + " lists the flags");
    }

    private static String words(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }
}
