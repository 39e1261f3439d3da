package io.skerry.etcd.server.backup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands about snapshots. */
@Command(
        name = "snapshot",
        description = "Save, inspect and restore snapshots.",
        subcommands = {SaveCommand.class, StatusCommand.class, RestoreCommand.class},
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} save backup.db"})
final class SnapshotCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing; there are save, status and restore");
    }
}
