package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "undrain",
        description = "Lets units come to drained machines again.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} 10.88.0.12"})
final class UndrainCommand extends MachinesAction {
    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        var api = session.api();
        for (Machine machine : machines(api)) {
            api.drain(machine, false);
            String where = new Legend(List.of(machine)).machine(machine.id(), false);
            session.out().println("Machine " + where + " takes units again");
        }
        return 0;
    }
}
