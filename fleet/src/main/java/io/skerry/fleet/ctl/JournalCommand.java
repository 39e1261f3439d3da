package io.skerry.fleet.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "journal",
        description = "Prints or follows the log of a unit.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME} hello.service",
            "  ${COMMAND-FULL-NAME} -f --lines=100 hello.service"
        })
final class JournalCommand extends CtlAction {
    @Option(
            names = "--lines",
            paramLabel = "N",
            description = "How many of the last lines to print (default: ${DEFAULT-VALUE}).")
    private int lines = 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on printing lines as they come, until interrupted.")
    private boolean follow;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description =
                    "Layout of the lines, as journalctl has them (default: ${DEFAULT-VALUE}).")
    private String output = "short";

    @Option(names = "--sudo", hidden = true)
    private boolean sudo;

    @Parameters(arity = "1", paramLabel = "UNIT", description = "Name of the unit.")
    private String unit = "";

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        if (sudo) {
            throw CtlException.usage(
                    "--sudo is not supported: the log comes over the API and needs no rights"
                            + " there");
        }
        if (lines < 0) {
            throw CtlException.usage("--lines may not be negative: " + lines);
        }
        String name = UnitArguments.name(unit).value();
        if (!output.matches("[a-z-]+")) {
            throw CtlException.usage(
                    "--output must be a layout of journalctl, not '" + output + "'");
        }
        String query = "journal?lines=" + lines + "&output=" + output + "&follow=" + follow;
        try (var response = session.api().text(name, query, follow);
                var text =
                        new BufferedReader(
                                new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            // Who reads may be gone (a pipe to head): then there is nothing left to do.
            for (String line = text.readLine();
                    line != null && !session.out().checkError();
                    line = text.readLine()) {
                session.out().println(line);
                if (follow) {
                    session.out().flush();
                }
            }
        }
        return 0;
    }
}
