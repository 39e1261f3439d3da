package io.skerry.etcd.server.backup;

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

    /** The form that was asked for; to be read before the work is done. */
    Output chosen(CommandSpec spec) {
        try {
            return Output.of(form);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
