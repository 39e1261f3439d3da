package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A command about machines that are named one by one. */
abstract class MachinesAction extends CtlAction {
    @Parameters(
            arity = "1..*",
            paramLabel = "MACHINE",
            description = "Machine ids, beginnings of them, or addresses.")
    private List<String> names = List.of();

    /** The machines meant; each name must mean exactly one. */
    List<Machine> machines(ApiClient api) throws CtlException, IOException, InterruptedException {
        List<Machine> all = api.machines();
        var meant = new ArrayList<Machine>();
        for (String name : names) {
            meant.add(only(all, name));
        }
        return meant;
    }

    /** The one machine that the name means. */
    static Machine only(List<Machine> all, String name) throws CtlException {
        var matches = matching(all, name);
        if (matches.isEmpty()) {
            throw CtlException.failed(
                    "Machine " + name + " does not exist; list-machines lists them");
        }
        if (matches.size() > 1) {
            throw CtlException.failed(
                    "Machine "
                            + name
                            + " is ambiguous: "
                            + String.join(", ", matches.stream().map(Machine::id).toList()));
        }
        return matches.getFirst();
    }

    /** All machines that the name may mean. */
    static List<Machine> matching(List<Machine> all, String name) {
        return all.stream().filter(machine -> matches(machine, name)).toList();
    }

    private static boolean matches(Machine machine, String name) {
        // As lists show it: 11111111.../10.88.0.11 or either part.
        String id = name.replaceFirst("\\.\\.\\.(/.*)?$", "");
        return machine.primaryIp().equals(name) || (!id.isEmpty() && machine.id().startsWith(id));
    }
}
