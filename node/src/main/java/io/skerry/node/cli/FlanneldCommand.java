package io.skerry.node.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The overlay network alone, with flanneld's own flags and environment. */
@Command(
        name = "flanneld",
        description = "Give this host a subnet of the overlay network, and reach the others.",
        sortOptions = false,
        customSynopsis = "skerry flanneld [FLAG...]",
        defaultValueProvider = FlanneldEnvironment.class,
        footer = {
            "",
            "Every flag can be given as FLANNELD_IFACE, FLANNELD_ETCD_ENDPOINTS and so on.",
            "Flags of flanneld that have nothing to set here are refused with the reason; all of"
                    + " them stand in docs/flannel.md.",
            "",
            "Examples:",
            "  skerry flanneld --etcd-endpoints http://10.0.0.1:2379",
            "  skerry flanneld --etcd-v2 --etcd-endpoints http://10.0.0.1:4001",
            "  skerry flanneld --iface eth1 --ip-masq --healthz-port 8290"
        })
final class FlanneldCommand implements Callable<Integer> {
    @Mixin private FlanneldFlags flags = new FlanneldFlags();

    @Option(
            names = {"--version", "-version"},
            description = "Print the version.")
    private boolean version;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (version) {
            spec.commandLine().getOut().println("flanneld version " + VersionCommand.version());
            return 0;
        }
        var fault = flags.fault();
        if (fault.isPresent()) {
            throw new ParameterException(spec.commandLine(), fault.get());
        }
        return FlanneldServer.run(flags);
    }
}
