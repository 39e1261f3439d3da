package io.skerry.node.cli;

import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.FleetCtl;
import io.skerry.fleet.ctl.Surroundings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code skerry fleet …}, also called as {@code fleetctl …}: fleet reads its command line itself,
 * because its original's flags are not ours.
 */
final class FleetWords {
    private FleetWords() {}

    static int run(List<String> words, PrintWriter out, PrintWriter err) {
        return FleetCtl.run(
                words,
                new Surroundings(
                        System.getProperty("skerry.program", "skerry fleet"),
                        VersionCommand.version(),
                        out,
                        err,
                        System.getenv(),
                        Path.of(""),
                        EndpointSource.LOCAL));
    }
}
