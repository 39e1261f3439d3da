package io.skerry.fleet.ctl;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = "Submits, places and starts units, and waits until they run.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME} hello.service web@1.service web@2.service",
            "  ${COMMAND-FULL-NAME} --replace hello.service",
            "  ${COMMAND-FULL-NAME} --no-block hello.service"
        })
final class StartCommand extends UnitsAction {
    @Option(names = "--replace", description = "Replace units that the cluster has already.")
    private boolean replace;

    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        var brought = Creation.bring(session, units(), replace, "launched", !waiting.noBlock());
        var units = brought.units();
        var goals =
                Creation.goals(session, units, Goal.Wanted.LAUNCHED, "start", waiting.noBlock());
        return waiting.await(session, goals, brought.feed()) == 0 ? 0 : 1;
    }
}
