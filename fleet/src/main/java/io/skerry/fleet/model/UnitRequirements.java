package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code [X-Fleet]} section of a unit asks of its place, with the name's specifiers
 * resolved.
 *
 * @param machineId the only machine allowed, by full or short id; null for any
 * @param machineOf units on whose machine this one must be
 * @param metadata for each key the values allowed; all keys must fit
 * @param conflicts patterns of units that may not be on the same machine, in either direction
 * @param replaces patterns of units that have to go elsewhere from the machine that this one gets
 * @param global true: runs on every machine that fits
 * @param fencing false: goes on running on a machine that is cut off from the store, although it
 *     may be started elsewhere then ({@code Fencing=false}, an option of ours; the original ignores
 *     it)
 * @param overlap false: when it is moved while all is well, it is stopped before it is started
 *     elsewhere, instead of after that ({@code Overlap=false}, an option of ours)
 * @param request what it is to have of its machine's CPU and memory ({@code CPU=} and {@code
 *     Memory=}, options of ours)
 * @param spread with which units it is to be spread evenly over what; null for none ({@code
 *     Spread=}, an option of ours)
 * @param priority units of a lower one give way to it when it fits nowhere ({@code Priority=}, an
 *     option of ours)
 */
public record UnitRequirements(
        @Nullable String machineId,
        SequencedSet<UnitName> machineOf,
        SortedMap<String, SortedSet<String>> metadata,
        List<Glob> conflicts,
        List<Glob> replaces,
        boolean global,
        boolean fencing,
        boolean overlap,
        Resources request,
        @Nullable Spread spread,
        int priority) {
    /** The section of a unit file that is read here; systemd ignores it. */
    public static final String SECTION = "X-Fleet";

    /**
     * Reads the requirements of a unit file.
     *
     * @throws InvalidUnitException with every option that is unknown, not supported, malformed or
     *     at odds with another
     */
    public static UnitRequirements parse(UnitName name, UnitFile file) throws InvalidUnitException {
        return parse(name, file.options());
    }

    /** As {@link #parse(UnitName, UnitFile)}, of options; other sections are left aside. */
    public static UnitRequirements parse(UnitName name, List<UnitOption> options)
            throws InvalidUnitException {
        return new RequirementsParser(name).parse(options);
    }

    /** True when neither unit allows the other on its machine, or one does not. */
    public static boolean conflict(
            UnitName one, UnitRequirements ofOne, UnitName other, UnitRequirements ofOther) {
        return !one.equals(other) && (ofOne.forbids(other) || ofOther.forbids(one));
    }

    /** True when one of the patterns of {@code Conflicts=} matches that unit. */
    public boolean forbids(UnitName other) {
        return matches(conflicts, other);
    }

    /** True when one of the patterns of {@code Replaces=} matches that unit. */
    public boolean replaces(UnitName other) {
        return matches(replaces, other);
    }

    private static boolean matches(List<Glob> globs, UnitName name) {
        for (Glob glob : globs) {
            if (glob.matches(name.value())) {
                return true;
            }
        }
        return false;
    }

    /** Why the machine itself, whatever runs on it, cannot take the unit; empty when it can. */
    public Optional<Refusal> refusedBy(MachineState machine) {
        if (machineId != null && !machine.isNamed(machineId)) {
            return Optional.of(new Refusal.OtherMachineWanted(machineId));
        }
        for (var wanted : metadata.entrySet()) {
            String actual = machine.metadata().get(wanted.getKey());
            if (actual == null || !wanted.getValue().contains(actual)) {
                return Optional.of(
                        new Refusal.MetadataDiffers(wanted.getKey(), wanted.getValue(), actual));
            }
        }
        return Optional.empty();
    }
}
