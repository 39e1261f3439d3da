package io.skerry.fleet.ctl;

import io.skerry.base.text.Nearest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Every command. {@link #create} is what loads a command's classes. */
enum CtlCommand {
    CAT("cat", "print the unit file of a unit"),
    DESTROY("destroy", "stop units and remove them from the cluster"),
    DRAIN("drain", "move all units off machines and keep new ones away"),
    EXPLAIN("explain", "tell why units are where they are, or nowhere"),
    FD_FORWARD("fd-forward", "join standard input and output to a Unix socket"),
    HELP("help", "list the commands, or show the flags of one"),
    JOURNAL("journal", "print or follow the log of a unit"),
    LIST_MACHINES("list-machines", "list the machines of the cluster"),
    LIST_UNIT_FILES("list-unit-files", "list the units and what is wanted of them"),
    LIST_UNITS("list-units", "list what systemd says of the units, on each machine"),
    LOAD("load", "place units on machines without starting them"),
    REBALANCE("rebalance", "move units from the fullest machines to the emptiest"),
    RESTART("restart", "stop units and start them again"),
    SSH("ssh", "open a shell on a machine, or run a command there"),
    START("start", "submit, place and start units, and wait until they run"),
    STATUS("status", "print what systemctl says of units"),
    STOP("stop", "stop units and leave them where they are"),
    SUBMIT("submit", "hand unit files to the cluster without placing them"),
    UNDRAIN("undrain", "let units come to drained machines again"),
    UNLOAD("unload", "stop units and take them off their machines"),
    VERSION("version", "print the version");

    /** Commands that the original has not. */
    private static final Set<CtlCommand> OURS = EnumSet.of(DRAIN, EXPLAIN, UNDRAIN, REBALANCE);

    private final String commandName;
    private final String summary;

    CtlCommand(String commandName, String summary) {
        this.commandName = commandName;
        this.summary = summary;
    }

    String commandName() {
        return commandName;
    }

    String summary() {
        return summary;
    }

    CtlAction create() {
        return switch (this) {
            case CAT -> new CatCommand();
            case DESTROY -> new DestroyCommand();
            case DRAIN -> new DrainCommand();
            case EXPLAIN -> new ExplainCommand();
            case FD_FORWARD -> new FdForwardCommand();
            case HELP -> new HelpCommand();
            case JOURNAL -> new JournalCommand();
            case LIST_MACHINES -> new ListMachinesCommand();
            case LIST_UNIT_FILES -> new ListUnitFilesCommand();
            case LIST_UNITS -> new ListUnitsCommand();
            case LOAD -> new LoadCommand();
            case REBALANCE -> new RebalanceCommand();
            case RESTART -> new RestartCommand();
            case SSH -> new SshCommand();
            case START -> new StartCommand();
            case STATUS -> new StatusCommand();
            case STOP -> new StopCommand();
            case SUBMIT -> new SubmitCommand();
            case UNDRAIN -> new UndrainCommand();
            case UNLOAD -> new UnloadCommand();
            case VERSION -> new VersionCommand();
        };
    }

    /** The command of that name, or the only one whose name begins so. */
    static CtlCommand named(String word) throws CtlException {
        var matches = Arrays.stream(values()).filter(c -> c.commandName.startsWith(word)).toList();
        for (CtlCommand match : matches) {
            if (match.commandName.equals(word)) {
                return match;
            }
        }
        // A prefix that meant one command of the original still means it.
        var originals = matches.stream().filter(c -> !OURS.contains(c)).toList();
        if (matches.size() == 1 || originals.size() == 1) {
            return originals.isEmpty() ? matches.getFirst() : originals.getFirst();
        }
        if (matches.size() > 1) {
            throw CtlException.usage(
                    "command '"
                            + word
                            + "' is ambiguous: "
                            + String.join(
                                    ", ", matches.stream().map(CtlCommand::commandName).toList()));
        }
        throw CtlException.usage(unknown(word));
    }

    private static String unknown(String word) {
        return switch (word) {
            case "verify" ->
                    "command 'verify' is not supported: unit files are not signed, for which"
                            + " reason the original's does nothing any more either";
            default ->
                    "unknown command '"
                            + word
                            + "'"
                            + Nearest.to(word, names())
                                    .map(name -> "; did you mean " + name + "?")
                                    .orElse("; help lists the commands");
        };
    }

    private static List<String> names() {
        return Arrays.stream(values()).map(CtlCommand::commandName).toList();
    }
}
