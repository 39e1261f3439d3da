package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.ctl.UnitArguments.Meant;
import io.skerry.systemd.unit.UnitFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What submit, load and start share: bring the units that the arguments mean to a state, creating
 * what is missing.
 */
final class Creation {
    private Creation() {}

    /**
     * What has been asked for.
     *
     * @param units as they were found, all of them now wanted in that state
     * @param feed of these units from then on, if it has come with the answer; to be closed
     */
    record Brought(List<Meant> units, Optional<Response> feed) {}

    /**
     * Has all units wanted in that state.
     *
     * @param watch whether what comes of it is of interest
     */
    static Brought bring(
            Session session,
            List<String> arguments,
            boolean replace,
            String desiredState,
            boolean watch)
            throws CtlException, IOException, InterruptedException {
        var api = session.api();
        var meant = UnitArguments.resolve(session, arguments, replace);
        Set<String> created = new HashSet<>();
        var inTurn = meant.stream().filter(Meant::replaces).toList();
        try {
            List<Meant> atOnce = meant;
            if (inTurn.size() > 1) {
                replaceInTurn(session, inTurn, desiredState);
                atOnce = meant.stream().filter(unit -> !unit.replaces()).toList();
            }
            var feed = bring(api, atOnce, desiredState, created, watch && inTurn.size() <= 1);
            return new Brought(meant, feed);
        } finally {
            for (Meant unit : meant) {
                if (created.contains(unit.name().value())) {
                    session.out().println("Unit " + unit.name() + " inactive");
                }
            }
        }
    }

    private static Optional<Response> bring(
            ApiClient api,
            List<Meant> units,
            String desiredState,
            Set<String> created,
            boolean watch)
            throws CtlException, IOException, InterruptedException {
        var unknown = new HashSet<String>();
        var wanted = new ArrayList<UnitEntity>();
        for (Meant unit : units) {
            String name = unit.name().value();
            UnitFile file = unit.file();
            if (file != null) {
                String state = stateAfter(unit, desiredState);
                wanted.add(UnitEntity.create(name, file.options(), state));
                if (unit.known() == null) {
                    unknown.add(name);
                }
            } else if (!desiredState.equals("inactive")) {
                wanted.add(UnitEntity.desire(name, desiredState));
            }
        }
        Consumer<UnitEntity> done =
                unit -> {
                    if (unknown.contains(unit.name())) {
                        created.add(unit.name());
                    }
                };
        if (watch) {
            return api.putAllAndWatch(wanted, done);
        }
        api.putAll(wanted, done);
        return Optional.empty();
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
