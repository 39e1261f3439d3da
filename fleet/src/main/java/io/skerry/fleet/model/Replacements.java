package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitName;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which units replace which, among those that are to run.
 *
 * @param replacers the units with {@code Replaces=}
 */
public record Replacements(Map<UnitName, UnitRequirements> replacers) {
    /**
     * The units that the unit replaces and that replace it in turn, directly or through others. Of
     * such a circle only one can have a place, or they would drive each other around for ever.
     */
    public SortedSet<UnitName> circleOf(UnitName unit) {
        if (!replacers.containsKey(unit)) {
            return Collections.emptySortedSet();
        }
        var circle = new TreeSet<UnitName>();
        for (UnitName replaced : replacedBy(unit)) {
            if (!replaced.equals(unit) && replacedBy(replaced).contains(unit)) {
                circle.add(replaced);
            }
        }
        return circle;
    }

    /** The units with {@code Replaces=} that this one replaces, directly or through others. */
    private SortedSet<UnitName> replacedBy(UnitName unit) {
        var found = new TreeSet<UnitName>();
        var open = new ArrayDeque<UnitName>();
        open.add(unit);
        while (!open.isEmpty()) {
            UnitRequirements requirements = replacers.get(open.poll());
            for (UnitName other : replacers.keySet()) {
                if (requirements != null && requirements.replaces(other) && found.add(other)) {
                    open.add(other);
                }
            }
        }
        return found;
    }
}
