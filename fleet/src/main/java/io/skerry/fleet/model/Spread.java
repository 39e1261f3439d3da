package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitName;
import java.util.List;
import java.util.Optional;

/**
 * Which units are to be spread evenly over machines that differ in a metadata key.
 *
 * @param key of the machines' metadata
 * @param among patterns of the units that are counted together
 */
public record Spread(String key, List<Glob> among) {
    /** Keeps its own copy. */
    public Spread {
        among = List.copyOf(among);
    }

    /** The pattern of all instances of a template, of which the unit is one or which it is. */
    static Optional<Glob> instances(UnitName unit) {
        UnitName template = unit.isTemplate() ? unit : unit.template().orElse(null);
        if (template == null) {
            return Optional.empty();
        }
        String prefix = template.prefix().replace("\\", "\\\\");
        return Optional.of(Glob.of(prefix + "@*." + template.type().suffix()));
    }

    /** True for a unit that is counted. */
    public boolean counts(UnitName unit) {
        return among.stream().anyMatch(glob -> glob.matches(unit.value()));
    }
}
