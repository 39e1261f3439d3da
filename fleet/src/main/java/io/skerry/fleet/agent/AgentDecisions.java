package io.skerry.fleet.agent;

import io.skerry.fleet.agent.UnitAction.Load;
import io.skerry.fleet.agent.UnitAction.Start;
import io.skerry.fleet.agent.UnitAction.Stop;
import io.skerry.fleet.agent.UnitAction.Unload;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** What an agent does next. Pure. */
final class AgentDecisions {
    private AgentDecisions() {}

    /**
     * Compares what is wanted with what is there. The actions of different units are independent of
     * each other, those of one unit are in order. A unit that has to stop before it can be loaded
     * anew gets only the stop; the rest follows when that is done.
     *
     * @param undecided units of which it is not known yet what is wanted; they are left alone
     */
    static List<UnitAction> decide(
            SortedMap<UnitName, Wanted> wanted,
            SortedMap<UnitName, Observed> observed,
            Set<UnitName> undecided) {
        var actions = new ArrayList<UnitAction>();
        observed.forEach((unit, seen) -> {
            if (!wanted.containsKey(unit) && !undecided.contains(unit) && seen.linked()) {
                actions.add(new Unload(unit));
            }
        });
        wanted.forEach((unit, want) -> {
            Observed seen = observed.getOrDefault(unit, Observed.NOTHING);
            switch (want.goal()) {
                case HALTED -> {
                    if (seen.linked() && seen.running()) {
                        actions.add(new Stop(unit));
                    }
                }
                case KEPT -> {
                    // What has run to its end, or failed, keeps nothing going that could wait.
                    if (seen.linked() && !seen.running()) {
                        actions.add(new Unload(unit));
                    }
                }
                case LOADED -> {
                    boolean rightFile = want.hash().equals(seen.hash());
                    // What a socket, a timer or the unit it is installed for has started stays.
                    if (seen.linked() && (seen.ours() || (seen.running() && !rightFile))) {
                        actions.add(new Stop(unit));
                    } else if (!rightFile) {
                        actions.add(new Load(unit, want.file()));
                    }
                }
                case LAUNCHED -> launch(unit, want, seen, wanted, observed, actions);
            }
        });
        return List.copyOf(actions);
    }

    private static void launch(
            UnitName unit,
            Wanted want,
            Observed seen,
            Map<UnitName, Wanted> wanted,
            Map<UnitName, Observed> observed,
            List<UnitAction> actions) {
        boolean rightFile = want.hash().equals(seen.hash());
        if (!rightFile && seen.linked() && (seen.running() || seen.started())) {
            actions.add(new Stop(unit));
            return;
        }
        if (!rightFile) {
            actions.add(new Load(unit, want.file()));
        }
        if (!want.finished()
                && (!rightFile || !seen.started())
                && !excludedByLeaver(unit, want, wanted, observed)) {
            actions.add(new Start(unit, want.hash()));
        }
    }

    /** True while a unit that conflicts with this one is still on its way out. */
    private static boolean excludedByLeaver(
            UnitName unit,
            Wanted want,
            Map<UnitName, Wanted> wanted,
            Map<UnitName, Observed> observed) {
        for (var other : observed.entrySet()) {
            UnitRequirements theirs = other.getValue().requirements();
            if (theirs != null
                    && !wanted.containsKey(other.getKey())
                    && other.getValue().running()
                    && (theirs.forbids(unit) || want.requirements().forbids(other.getKey()))) {
                return true;
            }
        }
        return false;
    }
}
