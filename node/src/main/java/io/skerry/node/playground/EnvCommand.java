package io.skerry.node.playground;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what the originals' clients need to know. */
@Command(
        name = "env",
        description = "Print shell commands that make etcdctl, fleetctl and curl use the cluster.",
        footer = {
            "",
            "Sets ETCDCTL_*, FLEETCTL_*, FLEET_API (base URL of fleet's API), SKERRY_CACERT,",
            "SKERRY_CERT and SKERRY_KEY. Hosts that run come first in lists of endpoints.",
            "",
            "Example:",
            "  eval \"$(skerry env)\" && etcdctl member list"
        })
public final class EnvCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        ClusterAccess access = Session.of(spec).access();
        spec.commandLine().getOut().print(Environment.exports(Environment.of(access)));
        return 0;
    }
}
