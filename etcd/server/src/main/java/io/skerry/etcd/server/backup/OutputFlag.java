package io.skerry.etcd.server.backup;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flag that chooses the form of the output. */
final class OutputFlag {
    @Option(
            names = {"-w", "--write-out"},
            defaultValue = "simple",
            paramLabel = "FORM",
            description = "simple, json, table or fields (default: ${DEFAULT-VALUE}).")
    private String form = "simple";

    void print(CommandSpec spec, List<Output.Value> values) {
        Output output;
        try {
            output = Output.of(form);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        spec.commandLine().getOut().println(output.of(values));
    }
}
