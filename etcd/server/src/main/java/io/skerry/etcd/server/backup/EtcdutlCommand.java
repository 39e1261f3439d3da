package io.skerry.etcd.server.backup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Backups, and data directories of members that are stopped. */
@Command(
        name = "etcdutl",
        description = "Save, inspect and restore snapshots; look after data directories offline.",
        subcommands = {
            SnapshotCommand.class,
            DefragCommand.class,
            HashKvCommand.class,
            VersionCommand.class
        },
        footer = {
            "",
            "Example:",
            "  skerry etcdutl snapshot save backup.db --endpoints https://10.0.0.1:2379 \\",
            "      --cacert ca.crt --cert client.crt --key client.key"
        })
public final class EtcdutlCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing; there are snapshot, defrag, hashkv and version");
    }
}
