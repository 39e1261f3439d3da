package io.skerry.node.training;

import io.skerry.node.cli.Main;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

/** Runs typical short commands in one process. */
public final class CliTraining {
    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("--help"),
                    List.of("version"),
                    List.of("status", "--playground", "no-such-one"),
                    List.of("env", "--playground", "no-such-one"),
                    List.of("host", "list", "--playground", "no-such-one"),
                    List.of("comandd"),
                    List.of("version", "--hlp"),
                    List.of("fleet", "--help"),
                    List.of("fleet", "list-unitz"));

    private CliTraining() {}

    /** Exit status of the process is 0 unless a command could not even be started. */
    public static void main(String[] args) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        for (var command : COMMANDS) {
            Main.run(nowhere, nowhere, command.toArray(String[]::new));
        }
    }
}
