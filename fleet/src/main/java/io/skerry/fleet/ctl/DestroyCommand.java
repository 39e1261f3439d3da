package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.UnitEntity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "destroy",
        description = "Stops units and removes them from the cluster.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME} hello.service",
            "  ${COMMAND-FULL-NAME} 'web@*.service'"
        })
final class DestroyCommand extends UnitsAction {
    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        var api = session.api();
        var found = KnownUnits.find(api, units());
        var names = found.stream().map(UnitEntity::name).toList();
        Optional<Response> feed = Optional.empty();
        if (waiting.noBlock()) {
            api.destroyAll(names);
        } else {
            feed = api.destroyAllAndWatch(names);
        }
        var goals = new ArrayList<Goal>();
        for (UnitEntity unit : found) {
            if (waiting.noBlock()) {
                session.out().println("Destroyed " + unit.name());
            } else {
                goals.add(new Goal(unit.name(), "", Goal.Wanted.GONE));
            }
        }
        return waiting.await(session, goals, feed) == 0 ? 0 : 1;
    }
}
