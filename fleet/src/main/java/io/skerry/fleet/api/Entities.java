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

/** From the model to what the API shows. */
final class Entities {
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
                report.sub(),
                report.start());
    }

    /** How far the unit has come on its machine. A global unit has no single state. */
    static String currentState(Unit unit, Collection<UnitStateReport> ofUnit) {
        if (unit.global()) {
            return "";
        }
        if (unit.placement() != null) {
            String machine = unit.placement().machineId();
            for (UnitStateReport report : ofUnit) {
                if (report.machineId().equals(machine)) {
                    return report.progress(unit.hash(), unit.targetState()).wireName();
                }
            }
        }
        return (unit.finishedOn() == null ? TargetState.INACTIVE : TargetState.LAUNCHED).wireName();
    }
}
