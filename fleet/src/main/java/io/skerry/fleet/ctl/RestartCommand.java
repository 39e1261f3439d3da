package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import java.io.IOException;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "restart",
        description = "Stops units and starts them again where they are.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} hello.service"})
final class RestartCommand extends UnitsAction {
    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        if (waiting.noBlock()) {
            throw CtlException.usage("restart has to wait between stop and start: no --no-block");
        }
        var api = session.api();
        var found = KnownUnits.find(api, units());
        for (UnitEntity unit : found) {
            if (!unit.desiredState().equals("launched") || LocalUnit.isGlobal(unit)) {
                throw CtlException.failed(
                        "Unable to restart unit "
                                + unit.name()
                                + (LocalUnit.isGlobal(unit)
                                        ? ": it is global; stop and start it instead"
                                        : " in state " + unit.desiredState()));
            }
        }
        int missed =
                StopCommand.lower(session, found, Goal.Wanted.STOPPED, "loaded", "stop", waiting);
        if (missed > 0) {
            return 1;
        }
        var feed = api.putAllAndWatch(StopCommand.desired(found, "launched"), unit -> {});
        var goals = new ArrayList<Goal>();
        for (UnitEntity unit : found) {
            goals.add(new Goal(unit.name(), "", Goal.Wanted.LAUNCHED));
        }
        return waiting.await(session, goals, feed) == 0 ? 0 : 1;
    }
}
