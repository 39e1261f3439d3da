package io.skerry.node.cli;

import io.skerry.base.tls.FirstHandshake;
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
        boolean local = !named && Files.exists(SOCKET);
        var environment = environment(named);
        if (seemsToUseTls(words, environment, local)) {
            FirstHandshake.prepare();
        }
        return FleetCtl.run(
                words,
                new Surroundings(
                        System.getProperty("skerry.program", "skerry fleet"),
                        VersionCommand.version(),
                        out,
                        err,
                        environment,
                        Path.of(""),
                        local ? EndpointSource.LOCAL : new PlaygroundApi(playground)));
    }

    /** As far as it is seen at a glance: an error costs time and no more. */
    private static boolean seemsToUseTls(
            List<String> words, Map<String, String> environment, boolean local) {
        String named = environment.getOrDefault("FLEETCTL_ENDPOINT", "");
        if (named.contains("https://") || isSaid(words, "https://")) {
            return true;
        }
        boolean elsewhere =
                local
                        || !named.isEmpty()
                        || environment.containsKey("FLEETCTL_TUNNEL")
                        || isSaid(words, "-endpoint")
                        || isSaid(words, "-tunnel");
        return !elsewhere && !words.isEmpty() && !isSaid(words, "-help");
    }

    private static boolean isSaid(List<String> words, String part) {
        return words.stream().anyMatch(word -> word.contains(part));
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
