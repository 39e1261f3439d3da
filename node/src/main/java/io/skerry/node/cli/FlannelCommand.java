package io.skerry.node.cli;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.base.log.LogSetup;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.daemon.CniConfig;
import io.skerry.flannel.daemon.CniPlugin;
import io.skerry.flannel.daemon.DockerOptions;
import io.skerry.flannel.daemon.SubnetEnv;
import io.skerry.flannel.proxy.TableCarrier;
import io.skerry.node.ServerProcess;
import io.skerry.node.playground.CommandGroup;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What goes with the overlay network on a host. */
@Command(
        name = "flannel",
        description = "Tell docker and CNI of the overlay network, or carry its packets.",
        footer = {
            "",
            "Examples:",
            "  skerry flannel docker-opts -d /run/docker_opts.env",
            "  skerry flannel cni-conf --out /etc/cni/net.d/10-flannel.conflist"
        })
final class FlannelCommand extends CommandGroup {
    private static final int MOST_PORT = 65_535;

    @Command(
            name = "docker-opts",
            description = "Write options for docker, with the flags of mk-docker-opts.",
            footer = {
                "",
                "What is there already in DOCKER_OPTS and in DOCKER_OPT_... is taken along.",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME}",
                "  ${COMMAND-FULL-NAME} -c -k DOCKER_NETWORK_OPTIONS -d /run/docker-network.env"
            })
    int dockerOptions(
            @Option(
                            names = "-f",
                            paramLabel = "FILE",
                            defaultValue = "/run/flannel/subnet.env",
                            description = "Where the subnet is told (default: ${DEFAULT-VALUE}).")
                    Path subnetFile,
            @Option(
                            names = "-d",
                            paramLabel = "FILE",
                            defaultValue = "/run/docker_opts.env",
                            description = "Where to write (default: ${DEFAULT-VALUE}).")
                    Path target,
            @Option(names = "-i", description = "Each option as a variable of its own.")
                    boolean individual,
            @Option(names = "-c", description = "All options in one variable.") boolean combined,
            @Option(names = "-m", description = "Leave --ip-masq out.") boolean withoutMasquerade,
            @Option(
                            names = "-k",
                            paramLabel = "NAME",
                            defaultValue = "DOCKER_OPTS",
                            description = "The one variable (default: ${DEFAULT-VALUE}).")
                    String key)
            throws IOException {
        boolean neither = !individual && !combined;
        var options =
                new DockerOptions(
                        individual || neither, combined || neither, !withoutMasquerade, key);
        WholeFile.replace(
                target, options.text(SubnetEnv.read(subnetFile), System.getenv()), FileMode.PUBLIC);
        return 0;
    }

    @Command(
            name = "cni-conf",
            description = "Print or write a CNI configuration for the host's subnet.",
            footer = {
                "",
                "For containerd and others that use CNI, with the plugins bridge, host-local and",
                "portmap. Write it anew when the host's subnet changes.",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME}",
                "  ${COMMAND-FULL-NAME} --out /etc/cni/net.d/10-flannel.conflist"
            })
    int cniConfiguration(
            @Option(
                            names = "--subnet-file",
                            paramLabel = "FILE",
                            defaultValue = "/run/flannel/subnet.env",
                            description = "Where the subnet is told (default: ${DEFAULT-VALUE}).")
                    Path subnetFile,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "flannel",
                            description = "Name of the network (default: ${DEFAULT-VALUE}).")
                    String name,
            @Option(
                            names = "--bridge",
                            paramLabel = "DEVICE",
                            defaultValue = "cni0",
                            description = "Bridge of the containers (default: ${DEFAULT-VALUE}).")
                    String bridge,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            defaultValue = "",
                            description = "Where to write (default: standard output).")
                    String target)
            throws IOException {
        String text = new CniConfig(name, bridge).text(SubnetEnv.read(subnetFile));
        if (target.isEmpty()) {
            spec().commandLine().getOut().print(text);
        } else {
            WholeFile.replace(Path.of(target), text, FileMode.PUBLIC);
        }
        return 0;
    }

    @Command(
            name = "cni-plugin",
            description = "Print or write the CNI plugin of type \"flannel\", a shell script.",
            footer = {
                "",
                "For CNI configurations made for flannel's own plugin. It has the plugin bridge,"
                        + " or",
                "the one that \"delegate\" names, attach a container to the host's subnet.",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME}",
                "  ${COMMAND-FULL-NAME} --out /opt/cni/bin/flannel"
            })
    int cniPlugin(
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            defaultValue = "",
                            description = "Where to write (default: standard output).")
                    String target)
            throws IOException {
        if (target.isEmpty()) {
            spec().commandLine().getOut().print(CniPlugin.text());
        } else {
            CniPlugin.write(Path.of(target));
        }
        return 0;
    }

    @Command(
            name = "carry",
            description = "Carry the udp backend's packets; the node program starts it as a unit.",
            footer = {
                "",
                "A line of the table is a subnet and the host that has it, with a blank between.",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME} --device flannel0 --listen 10.0.0.1:8285 --table hosts"
            })
    int carry(
            @Option(
                            names = "--device",
                            required = true,
                            paramLabel = "DEVICE",
                            description = "The TUN device.")
                    String device,
            @Option(
                            names = "--listen",
                            required = true,
                            paramLabel = "IP:PORT",
                            description =
                                    "Where packets of other hosts come; the port is the same"
                                            + " on all hosts.")
                    String listen,
            @Option(
                            names = "--table",
                            required = true,
                            paramLabel = "FILE",
                            description = "Where subnets are.")
                    Path table)
            throws Exception {
        int colon = listen.lastIndexOf(':');
        var local = Ip4.parse(listen.substring(0, Math.max(colon, 0)));
        String digits = listen.substring(colon + 1);
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (local.isEmpty() || port < 1 || port > MOST_PORT) {
            throw new ParameterException(
                    spec().subcommands().get("carry"),
                    "--listen is " + listen + " and must be like 10.0.0.1:8285");
        }
        LogSetup.install("info");
        return ServerProcess.run(
                "flannel carry", fatal -> TableCarrier.start(device, local.get(), port, table));
    }
}
