package io.skerry.fleet.ctl;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "submit",
        description = "Hands unit files to the cluster without placing the units.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME} hello.service",
            "  ${COMMAND-FULL-NAME} --replace hello.service"
        })
final class SubmitCommand extends UnitsAction {
    @Option(names = "--replace", description = "Replace units that the cluster has already.")
    private boolean replace;

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        Creation.bring(session, units(), replace, "inactive", false);
        return 0;
    }
}
