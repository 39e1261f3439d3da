package io.skerry.node.training;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs in one process the commands that need no more of the program than fleet's do, which speaks
 * to the API over a plain socket. What is in a start-up cache is loaded whole at each start, so
 * that these have one of their own, without what speaks to the store.
 */
public final class FleetTraining {
    private static final String PLAYGROUND = "training";
    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("--help"),
                    List.of("version"),
                    List.of("env", "--playground", "no-such-one"),
                    List.of("host", "list", "--playground", "no-such-one"),
                    List.of("comandd"),
                    List.of("version", "--hlp"),
                    List.of("fleet", "--help"),
                    List.of("fleet", "list-unitz"));

    private FleetTraining() {}

    /**
     * The only argument is the folder of {@link ServerTraining}, which serves meanwhile; the
     * environment says that playgrounds are in {@code playgrounds} of it.
     */
    public static void main(String[] args) throws Exception {
        for (var command : COMMANDS) {
            CliTraining.run(command);
        }
        var folder = Path.of(args[0]);
        var api = folder.resolve("fleet-api");
        if (!Files.exists(api)) {
            return;
        }
        var url = Files.readString(api);
        makePlayground(folder, URI.create(url).getPort());
        var unit = folder.resolve("short.service");
        Files.writeString(unit, "[Service]\nExecStart=/bin/true\n");
        for (var words :
                List.of(
                        List.of("list-machines"),
                        List.of("start", unit.toString()),
                        List.of("list-units"),
                        List.of("list-unit-files"),
                        List.of("cat", "short.service"),
                        List.of("stop", "short.service"),
                        List.of("destroy", "short.service"))) {
            CliTraining.run(CliTraining.fleet(folder, url, words));
            // As root only, which playgrounds are for.
            var inPlayground = new ArrayList<>(List.of("--playground", PLAYGROUND, "fleet"));
            inPlayground.addAll(words);
            CliTraining.run(inPlayground);
        }
    }

    /**
     * What a command looks at to find the API of a playground. The server is both of its hosts,
     * since a command that knows several asks them in another way than a single one.
     */
    private static void makePlayground(Path folder, int port) throws IOException {
        var playground = Files.createDirectories(folder.resolve("playgrounds/" + PLAYGROUND));
        Files.writeString(
                playground.resolve("hosts.list"),
                "skerry-hosts 1\n1 %1$s %2$d %2$d\n2 %1$s %2$d %2$d\n"
                        .formatted("0".repeat(32), port));
        Files.createSymbolicLink(playground.resolve("pki"), folder.resolve("pki"));
    }
}
