package io.skerry.fleet.ctl;

import picocli.CommandLine.Command;

@Command(
        name = "version",
        description = "Prints the version.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME}"})
final class VersionCommand extends CtlAction {
    @Override
    int run(Session session) {
        return FleetCtl.version(session.surroundings());
    }
}
