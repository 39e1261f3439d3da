package io.skerry.fleet.ctl;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "unload",
        description = "Stops units and takes them off their machines.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} hello.service"})
final class UnloadCommand extends UnitsAction {
    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        var found = KnownUnits.find(session.api(), units());
        int missed =
                StopCommand.lower(
                        session, found, Goal.Wanted.INACTIVE, "inactive", "unload", waiting);
        if (missed > 0) {
            return 1;
        }
        if (!waiting.noBlock()) {
            session.err().println("Successfully unloaded units " + StopCommand.names(found) + ".");
        }
        return 0;
    }
}
