package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "cat",
        description = "Prints unit files as the cluster has them.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} hello.service"})
final class CatCommand extends UnitsAction {
    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        for (UnitEntity unit : KnownUnits.find(session.api(), units())) {
            try {
                session.out().print(UnitFile.of(unit.name(), unit.options()).serialize());
            } catch (UnitFileException e) {
                throw CtlException.failed(String.valueOf(e.getMessage()));
            }
        }
        return 0;
    }
}
