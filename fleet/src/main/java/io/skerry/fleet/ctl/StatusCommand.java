package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = "Prints what systemctl status says of units on their machines.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} hello.service"})
final class StatusCommand extends UnitsAction {
    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        boolean first = true;
        for (UnitEntity unit : KnownUnits.find(session.api(), units())) {
            if (!first) {
                session.out().println();
            }
            first = false;
            try (var response = session.api().text(unit.name(), "status", false)) {
                session.out()
                        .print(new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return 0;
    }
}
