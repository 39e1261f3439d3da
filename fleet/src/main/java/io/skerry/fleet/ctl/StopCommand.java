package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.UnitEntity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "stop",
        description = "Stops units and leaves them on their machines.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME} hello.service",
            "  ${COMMAND-FULL-NAME} 'web@*.service'"
        })
final class StopCommand extends UnitsAction {
    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        var stopped = new ArrayList<UnitEntity>();
        var complaints = new ArrayList<String>();
        for (UnitEntity unit : KnownUnits.find(session.api(), units())) {
            if (unit.desiredState().equals("inactive")) {
                complaints.add("Unable to stop unit " + unit.name() + " in state inactive");
            } else {
                stopped.add(unit);
            }
        }
        int missed = lower(session, stopped, Goal.Wanted.STOPPED, "loaded", "stop", waiting);
        complaints.forEach(session.err()::println);
        if (missed == 0 && !stopped.isEmpty() && !waiting.noBlock()) {
            session.err().println("Successfully stopped units " + names(stopped) + ".");
        }
        return missed == 0 && complaints.isEmpty() ? 0 : 1;
    }

    /**
     * Takes units down to a state, which stop and unload have in common, and gives how many did not
     * get there.
     */
    static int lower(
            Session session,
            List<UnitEntity> units,
            Goal.Wanted wanted,
            String desiredState,
            String verb,
            Waiting waiting)
            throws CtlException, IOException, InterruptedException {
        Optional<Response> feed = Optional.empty();
        if (waiting.noBlock()) {
            session.api().putAll(desired(units, desiredState), unit -> {});
        } else {
            feed = session.api().putAllAndWatch(desired(units, desiredState), unit -> {});
        }
        var goals = new ArrayList<Goal>();
        for (UnitEntity unit : units) {
            if (LocalUnit.isGlobal(unit)) {
                session.out().println("Triggered global unit " + unit.name() + " " + verb);
            } else if (waiting.noBlock()) {
                session.out().println("Triggered unit " + unit.name() + " " + verb);
            } else {
                goals.add(new Goal(unit.name(), "", wanted));
            }
        }
        return waiting.await(session, goals, feed);
    }

    /** That these units shall be so. */
    static List<UnitEntity> desired(List<UnitEntity> units, String desiredState) {
        return units.stream().map(unit -> UnitEntity.desire(unit.name(), desiredState)).toList();
    }

    /** Names as the original prints them. */
    static String names(List<UnitEntity> units) {
        return "[" + String.join(" ", units.stream().map(UnitEntity::name).toList()) + "]";
    }
}
