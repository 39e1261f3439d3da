package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.api.schema.UnitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = "Prints what systemctl status says of units on their machines.",
        footer = {
            "",
            "Ends as systemctl does: with 3 if a unit does not run. Of several units all are shown,"
                    + " and the first that is not well decides.",
            "",
            "Example:",
            "  ${COMMAND-FULL-NAME} hello.service"
        })
final class StatusCommand extends UnitsAction {
    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        boolean first = true;
        int exitStatus = 0;
        for (UnitEntity unit : KnownUnits.find(session.api(), units())) {
            if (!first) {
                session.out().println();
            }
            first = false;
            try (var response = session.api().text(unit.name(), "status", false)) {
                session.out()
                        .print(new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
                if (exitStatus == 0) {
                    exitStatus = exitStatus(response);
                }
            }
        }
        return exitStatus;
    }

    private static int exitStatus(Response response) throws CtlException {
        try {
            return UnitStatus.exitStatus(response.header(UnitStatus.EXIT_STATUS));
        } catch (SchemaException e) {
            throw CtlException.failed("the API says what cannot be: " + e.getMessage());
        }
    }
}
