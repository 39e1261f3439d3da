package io.skerry.node.playground;

import io.skerry.testbed.hosts.ForegroundProcess;
import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What the node program says on its hosts, out of their journals; also of hosts that are down. */
public final class NodeLog {
    private NodeLog() {}

    /** Whether the word means a host of the playground that the command line names. */
    public static boolean isHost(CommandSpec spec, String word) throws IOException {
        Session session = Session.of(spec);
        if (!session.hasFiles() || !Session.isRoot()) {
            return false;
        }
        try {
            var _ = session.open().resolve(word);
            return true;
        } catch (PlaygroundException e) {
            return false;
        }
    }

    /**
     * Prints the log.
     *
     * @param host null: of all hosts, by time
     * @return the exit status
     */
    public static int print(CommandSpec spec, @Nullable String host, int lines, boolean follow)
            throws IOException, InterruptedException {
        Session session = Session.of(spec);
        var command = new ArrayList<>(List.of("journalctl", "--no-pager", "-q", "-o", "short"));
        if (!session.isThisMachine()) {
            Playground playground = session.existing();
            command.add("-m");
            command.add("-D");
            command.add(
                    (host == null
                                    ? playground.journals()
                                    : playground.journal(playground.resolve(host)))
                            .toString());
        }
        command.addAll(List.of("-u", Program.UNIT, "-n", Integer.toString(lines)));
        if (follow) {
            command.add("-f");
        }
        return ForegroundProcess.run(command);
    }
}
