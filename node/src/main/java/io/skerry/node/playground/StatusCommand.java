package io.skerry.node.playground;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostStatus;
import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the cluster as it is now, also while parts of it are away. */
@Command(
        name = "status",
        description = "Show hosts, members of the store, and units.",
        footer = {"", "Examples:", "  skerry status", "  skerry status -o json"})
public final class StatusCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, wide, json or yaml.",
            defaultValue = "table")
    private Format format = Format.table;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Session session = Session.of(spec);
        ClusterAccess access = session.access();
        List<HostStatus> hosts = session.isThisMachine() ? List.of() : hosts(session.existing());
        ClusterView view = ClusterView.read(access);
        var out = spec.commandLine().getOut();
        if (format.isTree()) {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("playground", session.name().value());
            tree.put("hosts", HostRows.of(hosts, view.roles()).objects());
            tree.put("store", view.store().objects());
            tree.put("units", view.units().objects());
            tree.put("unreachable", view.troubles());
            out.print(format.render(tree));
            return 0;
        }
        if (!hosts.isEmpty()) {
            out.print(format.render(HostRows.of(hosts, view.roles())));
            out.println();
        }
        out.print(format.render(view.store()));
        out.println();
        out.print(view.units().objects().isEmpty() ? "no units\n" : format.render(view.units()));
        view.troubles().forEach(trouble -> out.println("unreachable: " + trouble));
        return 0;
    }

    private static List<HostStatus> hosts(Playground playground)
            throws IOException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<HostStatus>>();
            for (Host host : playground.hosts()) {
                asked.add(() -> playground.status(host));
            }
            var statuses = new ArrayList<HostStatus>();
            for (var answer : threads.invokeAll(asked)) {
                statuses.add(answer.get());
            }
            return statuses;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }
}
