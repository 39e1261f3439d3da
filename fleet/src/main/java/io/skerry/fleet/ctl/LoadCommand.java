package io.skerry.fleet.ctl;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "load",
        description = "Places units on machines without starting them.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} hello.service"})
final class LoadCommand extends UnitsAction {
    @Option(names = "--replace", description = "Replace units that the cluster has already.")
    private boolean replace;

    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        var brought = Creation.bring(session, units(), replace, "loaded", !waiting.noBlock());
        var units = brought.units();
        var goals = Creation.goals(session, units, Goal.Wanted.LOADED, "load", waiting.noBlock());
        return waiting.await(session, goals, brought.feed()) == 0 ? 0 : 1;
    }
}
