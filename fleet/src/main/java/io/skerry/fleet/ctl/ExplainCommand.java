package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Explanation;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "explain",
        description = "Tells why units are where they are, or nowhere.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} hello.service"})
final class ExplainCommand extends UnitsAction {
    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        var api = session.api();
        List<Explanation> found =
                Parallel.map(
                        units(),
                        argument -> {
                            String name = UnitArguments.name(argument).value();
                            return api.explain(name)
                                    .orElseThrow(() ->
                                            CtlException.failed(
                                                    "Unit " + name + " does not exist"));
                        });
        for (Explanation unit : found) {
            String state =
                    unit.currentState().isEmpty()
                            ? "wanted " + unit.desiredState()
                            : unit.currentState() + ", wanted " + unit.desiredState();
            session.out().println(unit.name() + " (" + state + "): " + unit.reason());
        }
        return 0;
    }
}
