package io.skerry.node.cli;

import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.FleetCtl;
import io.skerry.fleet.ctl.Surroundings;
import io.skerry.node.playground.PlaygroundApi;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code skerry fleet …}, also called as {@code fleetctl …}: fleet reads its command line itself,
 * because its original's flags are not ours.
 */
final class FleetWords {
    /** There on a host of a cluster. */
    private static final Path SOCKET = Path.of("/var/run/fleet.sock");

    /** What the shell may say of where the API is and who asks. */
    private static final List<String> ADDRESS =
            List.of(
                    "FLEETCTL_ENDPOINT",
                    "FLEETCTL_CA_FILE",
                    "FLEETCTL_CERT_FILE",
                    "FLEETCTL_KEY_FILE");

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
                        environment(named),
                        Path.of(""),
                        !named && Files.exists(SOCKET)
                                ? EndpointSource.LOCAL
                                : new PlaygroundApi(playground)));
    }

    /** A playground that is named is meant, whatever cluster the shell was set up for before. */
    private static Map<String, String> environment(boolean named) {
        var environment = new HashMap<>(System.getenv());
        if (named) {
            ADDRESS.forEach(environment::remove);
        }
        return environment;
    }
}
