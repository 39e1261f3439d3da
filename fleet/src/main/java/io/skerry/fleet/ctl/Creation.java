package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.ctl.UnitArguments.Meant;
import io.skerry.systemd.unit.UnitFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

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
        Set<String> created = ConcurrentHashMap.newKeySet();
        var inTurn = meant.stream().filter(Meant::replaces).toList();
        try {
            if (inTurn.size() > 1) {
                replaceInTurn(session, inTurn, desiredState);
                var others = meant.stream().filter(unit -> !unit.replaces()).toList();
                Parallel.map(others, unit -> bring(api, unit, desiredState, created));
            } else {
                Parallel.map(meant, unit -> bring(api, unit, desiredState, created));
            }
        } finally {
            for (Meant unit : meant) {
                if (created.contains(unit.name().value())) {
                    session.out().println("Unit " + unit.name() + " inactive");
                }
            }
        }
        return meant;
    }

    private static Meant bring(ApiClient api, Meant unit, String desiredState, Set<String> created)
            throws CtlException, IOException, InterruptedException {
        String name = unit.name().value();
        UnitFile file = unit.file();
        UnitEntity known = unit.known();
        boolean submitting = desiredState.equals("inactive");
        if (file != null) {
            api.put(UnitEntity.create(name, file.options(), stateAfter(unit, desiredState)));
            if (known == null) {
                created.add(name);
            }
        } else if (!submitting) {
            api.put(UnitEntity.desire(name, desiredState));
        }
        return unit;
    }

    /** A unit that is replaced keeps running under its new file unless more is asked for. */
    private static String stateAfter(Meant unit, String desiredState) {
        return unit.known() != null && desiredState.equals("inactive")
                ? unit.known().desiredState()
                : desiredState;
    }

    /** Hands over several new files, of which the cluster takes the next when the last one runs. */
    private static void replaceInTurn(Session session, List<Meant> units, String desiredState)
            throws CtlException, IOException, InterruptedException {
        String rollout = UUID.randomUUID().toString();
        session.out().println("Replacing " + units.size() + " units, one after the other");
        session.out().flush();
        int position = 0;
        for (Meant unit : units) {
            if (unit.file() != null) {
                String state = stateAfter(unit, desiredState);
                var entity = UnitEntity.create(unit.name().value(), unit.file().options(), state);
                session.api().putInTurn(entity, rollout, position++);
            }
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
