package io.skerry.fleet.api;

import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitStateReport;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/** From the model to what the API shows. */
final class Entities {
    private static final Set<String> RUNNING =
            Set.of("active", "activating", "reloading", "deactivating", "refreshing");

    private Entities() {}

    static Machine machine(MachineState machine) {
        return machine(machine, Resources.NONE);
    }

    static Machine machine(MachineState machine, Resources requested) {
        String state = machine.leaving() ? "leaving" : machine.drained() ? "drained" : "";
        return new Machine(
                machine.id(),
                machine.metadata(),
                machine.publicIp(),
                state,
                machine.capacity(),
                requested);
    }

    static UnitEntity unit(Unit unit, Collection<UnitStateReport> ofUnit) {
        return new UnitEntity(
                unit.name().value(),
                unit.file().options(),
                unit.targetState().wireName(),
                currentState(unit, ofUnit),
                machineId(unit));
    }

    static String machineId(Unit unit) {
        return unit.placement() == null ? "" : unit.placement().machineId();
    }

    static UnitStateEntity state(UnitStateReport report) {
        return new UnitStateEntity(
                report.unit().value(),
                report.hash(),
                report.machineId(),
                report.load(),
                report.active(),
                report.sub());
    }

    /**
     * How far the unit has come: {@code inactive} until its machine has loaded the present file,
     * then {@code loaded}, and {@code launched} as soon as systemd has begun to start it. One that
     * was started and failed stays launched, as in the original. A global unit has no single state.
     */
    static String currentState(Unit unit, Collection<UnitStateReport> ofUnit) {
        if (unit.global()) {
            return "";
        }
        if (unit.placement() == null) {
            return (unit.finishedOn() == null ? TargetState.INACTIVE : TargetState.LAUNCHED)
                    .wireName();
        }
        String machine = unit.placement().machineId();
        String hash = unit.hash();
        for (UnitStateReport report : ofUnit) {
            if (report.machineId().equals(machine)
                    && Objects.equals(report.hash(), hash)
                    && report.load().equals("loaded")) {
                boolean launched =
                        RUNNING.contains(report.active())
                                || (report.active().equals("failed")
                                        && unit.targetState() == TargetState.LAUNCHED);
                return (launched ? TargetState.LAUNCHED : TargetState.LOADED).wireName();
            }
        }
        return TargetState.INACTIVE.wireName();
    }
}
