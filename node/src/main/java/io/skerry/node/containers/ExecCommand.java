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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command in a container, wherever it is. */
@picocli.CommandLine.Command(
        name = "exec",
        description = "Run a command in a container; its exit status is the command's.",
        customSynopsis = "skerry exec [FLAGS] NAME CMD [ARGUMENTS]",
        footer = {
            "",
            "When standard input and output are a terminal, the command gets one; what is typed or",
            "piped in is its input. -t and -i say which of both is meant.",
            "",
            "Examples:",
            "  skerry exec web ps aux",
            "  skerry exec -it web sh",
            "  tar -c . | skerry exec -i web tar -xC /www"
        })
public final class ExecCommand extends ClusterCommand {
    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The container; NAME@HOST for one of several.")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "CMD",
            description = "The command. All behind NAME is its own.")
    private List<String> command = List.of();

    @Option(
            names = {"-t", "--tty"},
            description = "Give the command a terminal; refused where there is none here.")
    private boolean terminal;

    @Option(
            names = {"-i", "--interactive"},
            description = "Without -t: give it no terminal, even if there is one here.")
    private boolean interactive;

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
        List<String> words = plain(command);
        if (words.isEmpty()) {
            throw wrong("the command is missing");
        }
        Optional<Terminal> ours = interactive && !terminal ? Optional.empty() : Terminal.ours();
        if (terminal && ours.isEmpty()) {
            throw wrong("-t needs a terminal at standard input and output; leave it out");
        }
        KnownContainer container = cluster.container(name);
        String machine = container.onMachine();
        String id = container.id().value();
        if (ours.isEmpty()) {
            return cluster.hosts().exec(machine, id, words, 0, 0, new OurStreams());
        }
        Terminal mine = ours.get();
        // Every key goes to the container, also those that end programs.
        var _ = Terminal.stty("raw", "-echo");
        try {
            return cluster.hosts()
                    .exec(machine, id, words, mine.rows(), mine.columns(), new OurStreams());
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
