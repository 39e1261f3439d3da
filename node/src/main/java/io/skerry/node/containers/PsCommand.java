package io.skerry.node.containers;

import io.skerry.containers.remote.HostClient.HostContainer;
import io.skerry.node.playground.Format;
import io.skerry.node.playground.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the cluster's containers. */
@Command(
        name = "ps",
        description = "List the containers of the cluster.",
        footer = {"", "Examples:", "  skerry ps", "  skerry ps -o wide", "  skerry ps -o json"})
public class PsCommand extends ClusterCommand {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, wide (with addresses), json or yaml.",
            defaultValue = "table")
    private Format format = Format.table;

    @Override
    int run(Cluster cluster) throws IOException, InterruptedException {
        List<KnownContainer> containers = KnownContainer.all(cluster);
        Map<String, String> addresses =
                format == Format.table ? Map.of() : addresses(cluster, containers);
        var objects = new ArrayList<Map<String, Object>>();
        for (KnownContainer container : containers) {
            var object = new LinkedHashMap<String, Object>();
            object.put("name", container.name());
            object.put("image", container.image());
            object.put("host", container.host());
            object.put("state", container.state());
            object.put("substate", container.substate());
            object.put("command", container.command());
            object.put("ports", ports(container));
            object.put("unit", container.unit());
            object.put("machineId", container.machineId());
            object.put("address", addresses.getOrDefault(container.id().value(), ""));
            objects.add(object);
        }
        out().print(
                        format.render(
                                new Rows(
                                        Rows.columnsOf(
                                                "NAME", "name", "IMAGE", "image", "HOST", "host",
                                                "STATE", "state", "PORTS", "ports"),
                                        Rows.columnsOf(
                                                "SUB",
                                                "substate",
                                                "ADDRESS",
                                                "address",
                                                "COMMAND",
                                                "command"),
                                        objects)));
        return 0;
    }

    private static List<String> ports(KnownContainer container) {
        return container
                .socket()
                .map(port -> List.of(port + " on demand"))
                .orElse(container.ports());
    }

    private Map<String, String> addresses(Cluster cluster, List<KnownContainer> containers)
            throws IOException, InterruptedException {
        var addresses = new HashMap<String, String>();
        var machines =
                containers.stream()
                        .map(KnownContainer::machineId)
                        .filter(id -> !id.isEmpty())
                        .distinct()
                        .toList();
        for (String machine : machines) {
            try {
                for (HostContainer running : cluster.hosts().containers(machine)) {
                    addresses.put(running.name(), running.address());
                }
            } catch (IOException e) {
                err().println(
                                "skerry: "
                                        + cluster.hostName(machine, machine)
                                        + ": "
                                        + e.getMessage());
            }
        }
        return addresses;
    }
}
