package io.skerry.node.cli;

import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.FleetCtl;
import io.skerry.fleet.ctl.Surroundings;
import io.skerry.node.playground.PlaygroundApi;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code skerry fleet …}, also called as {@code fleetctl …}: fleet reads its command line itself,
 * because its original's flags are not ours.
 */
final class FleetWords {
    /** There on a host of a cluster. */
    private static final Path SOCKET = Path.of("/var/run/fleet.sock");

    private FleetWords() {}

    /**
     * @param playground the name that the command line gives it, or the usual one
     * @param named the command line names it: then no other cluster is meant
     */
    static int run(
            String playground,
            boolean named,
            List<String> words,
            PrintWriter out,
            PrintWriter err) {
        return FleetCtl.run(
                words,
                new Surroundings(
                        System.getProperty("skerry.program", "skerry fleet"),
                        VersionCommand.version(),
                        out,
                        err,
                        System.getenv(),
                        Path.of(""),
                        !named && Files.exists(SOCKET)
                                ? EndpointSource.LOCAL
                                : new PlaygroundApi(playground)));
    }
}
