package io.skerry.fleet.ctl;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "help",
        description = "Lists the commands, or shows the flags of one.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} start"})
final class HelpCommand extends CtlAction {
    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "A command.")
    private String command = "";

    @Override
    int run(Session session) throws CtlException {
        if (command.isEmpty()) {
            return list(session.surroundings());
        }
        var chosen = CtlCommand.named(command);
        FleetCtl.commandLine(chosen.create(), chosen.commandName(), session.surroundings())
                .usage(session.out());
        return 0;
    }

    /** All commands and the global flags. */
    int list(Surroundings surroundings) {
        var out = surroundings.out();
        out.println("Usage: " + surroundings.program() + " [FLAGS] COMMAND [FLAGS] [UNIT...]");
        out.println();
        out.println("Runs systemd units on a cluster of hosts.");
        out.println();
        for (CtlCommand each : CtlCommand.values()) {
            out.printf("  %-16s %s%n", each.commandName(), each.summary());
        }
        out.println();
        out.println("Flags, also as FLEETCTL_ENDPOINT and so on in the environment:");
        out.print(new CommandLine(new FleetCommand()).getHelp().optionList());
        out.println();
        out.println("Examples:");
        for (String example :
                List.of("start web.service", "list-units", "journal -f web.service")) {
            out.println("  " + surroundings.program() + " " + example);
        }
        return 0;
    }
}
