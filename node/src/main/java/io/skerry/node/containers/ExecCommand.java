package io.skerry.node.containers;

import io.skerry.base.process.Command;
import io.skerry.containers.remote.HostClient.ExecStreams;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Runs a command in a container, wherever it is. */
@picocli.CommandLine.Command(
        name = "exec",
        description = "Run a command in a container; its exit status is the command's.",
        footer = {
            "",
            "When standard input and output are a terminal, the command gets one.",
            "",
            "Examples:",
            "  skerry exec web -- ps aux",
            "  skerry exec web sh"
        })
public final class ExecCommand extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The container.")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "CMD",
            description = "The command; -- before it, if it has flags.")
    private List<String> command = List.of();

    /** The size of our terminal and how to set it back to what it was. */
    private record Terminal(int rows, int columns, String settings) {
        static Optional<Terminal> ours() throws IOException, InterruptedException {
            if (!Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)) {
                return Optional.empty();
            }
            String[] size = stty("size").split(" ", -1);
            return Optional.of(
                    new Terminal(
                            Math.max(1, Integer.parseInt(size[0])),
                            Math.max(1, Integer.parseInt(size[1])),
                            stty("-g")));
        }

        static String stty(String... words) throws IOException, InterruptedException {
            var command = new java.util.ArrayList<>(List.of("stty", "-F", "/dev/tty"));
            command.addAll(List.of(words));
            return Command.of(command).check().stdout().strip();
        }
    }

    @Override
    int run(Cluster cluster) throws IOException, InterruptedException {
        String machine = cluster.container(name).machine();
        Optional<Terminal> terminal = Terminal.ours();
        if (terminal.isEmpty()) {
            return cluster.hosts().exec(machine, name, command, 0, 0, new OurStreams());
        }
        Terminal mine = terminal.get();
        // Every key goes to the container, also those that end programs.
        var _ = Terminal.stty("raw", "-echo");
        try {
            return cluster.hosts()
                    .exec(machine, name, command, mine.rows(), mine.columns(), new OurStreams());
        } finally {
            var _ = Terminal.stty(mine.settings());
        }
    }

    private static final class OurStreams implements ExecStreams {
        private final InputStream in = System.in;
        private final byte[] buffer = new byte[8192];

        @Override
        public byte @Nullable [] read() throws IOException {
            int n = in.read(buffer);
            return n < 0 ? null : Arrays.copyOf(buffer, n);
        }

        @Override
        public void output(byte[] bytes) throws IOException {
            write(System.out, bytes);
        }

        @Override
        public void errorOutput(byte[] bytes) throws IOException {
            write(System.err, bytes);
        }

        private static void write(PrintStream stream, byte[] bytes) throws IOException {
            stream.write(bytes);
            stream.flush();
            if (stream.checkError()) {
                throw new IOException("nobody reads the output any more");
            }
        }
    }
}
