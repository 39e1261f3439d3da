package io.skerry.node.containers;

import io.skerry.node.containers.Cluster.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command about a cluster's images or containers. */
abstract class ClusterCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() throws Exception {
        check();
        if (alone()) {
            return 0;
        }
        try (var cluster = Cluster.of(spec)) {
            return run(cluster);
        }
    }

    /**
     * Refuses what is wrong by itself, before a cluster is looked for.
     *
     * @throws Exception if the command line, or a file that it names, cannot be used
     */
    void check() throws Exception {}

    /**
     * Does it without a cluster, where none is needed.
     *
     * @return whether that was all
     * @throws Exception if it could not be done
     */
    boolean alone() throws Exception {
        return false;
    }

    /** Does it; gives the exit status. */
    abstract int run(Cluster cluster) throws Exception;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The command line is wrong; the message says what is allowed. */
    ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** A command without the {@code --} that may stand before it. */
    static List<String> plain(List<String> command) {
        boolean marked = !command.isEmpty() && command.getFirst().equals("--");
        return marked ? command.subList(1, command.size()) : command;
    }

    /** The one host that is named, or all. */
    static List<Machine> chosen(Cluster cluster, @Nullable String host) throws IOException {
        return host == null ? cluster.machines() : List.of(cluster.machine(host));
    }
}
