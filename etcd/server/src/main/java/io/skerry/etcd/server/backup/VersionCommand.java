package io.skerry.etcd.server.backup;

import io.skerry.etcd.server.api.v3.EtcdApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Which etcd's API this is. */
@Command(
        name = "version",
        description = "Print the version.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME}"})
final class VersionCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        out.println("etcdutl version: " + EtcdApi.VERSION);
        out.println(
                "API version: " + EtcdApi.VERSION.substring(0, EtcdApi.VERSION.lastIndexOf('.')));
    }
}
