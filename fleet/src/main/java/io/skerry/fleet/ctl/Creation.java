package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.ctl.UnitArguments.Meant;
import io.skerry.systemd.unit.UnitFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What submit, load and start share: bring the units that the arguments mean to a state, creating
 * what is missing.
 */
final class Creation {
    private Creation() {}

    /** The units as they were found, all of them now wanted in that state. */
    static List<Meant> bring(
            Session session, List<String> arguments, boolean replace, String desiredState)
            throws CtlException, IOException, InterruptedException {
        var api = session.api();
        var directory = session.surroundings().directory();
        var meant = new UnitArguments(api, directory, session.err()).resolve(arguments, replace);
        Parallel.map(
                meant,
                unit -> {
                    bring(session, unit, desiredState);
                    return unit;
                });
        return meant;
    }

    private static void bring(Session session, Meant unit, String desiredState)
            throws CtlException, IOException, InterruptedException {
        String name = unit.name().value();
        UnitFile file = unit.file();
        boolean submitting = desiredState.equals("inactive");
        if (file != null) {
            // A unit that is replaced keeps running under its new file unless more is asked for.
            String state =
                    unit.known() != null && submitting ? unit.known().desiredState() : desiredState;
            session.api().put(UnitEntity.create(name, file.options(), state));
            if (unit.known() == null) {
                synchronized (session) {
                    session.out().println("Unit " + name + " inactive");
                }
            }
        } else if (!submitting) {
            session.api().put(UnitEntity.desire(name, desiredState));
        }
    }

    /**
     * The goals to wait for. A global unit has none, because each machine decides for itself; with
     * {@code noBlock} no unit has. Both are said to be triggered.
     */
    static List<Goal> goals(
            Session session, List<Meant> units, Goal.Wanted wanted, String verb, boolean noBlock) {
        var goals = new ArrayList<Goal>();
        for (Meant unit : units) {
            String name = unit.name().value();
            if (unit.global()) {
                session.out().println("Triggered global unit " + name + " " + verb);
            } else if (noBlock) {
                session.out().println("Triggered unit " + name + " " + verb);
            } else {
                goals.add(new Goal(name, unit.hash(), wanted));
            }
        }
        return goals;
    }
}
