package io.skerry.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A story in a text file that a person can review as a diff. It is a sequence of blocks with empty
 * lines between them. A block has comments ({@code #}), what happens to the cluster ({@code !}),
 * then a request ({@code >}) or a command ({@code $}), and below it what came of it; an empty line
 * of that is shown as a dot. With {@code -Dtranscripts=write} the files are written anew instead of
 * compared.
 */
public final class Transcript {
    private static final Path RESOURCES = Path.of("src/test/resources");

    /** Does what a block says and tells what came of it, line by line. */
    @FunctionalInterface
    public interface Player {
        List<String> play(List<String> inputs) throws Exception;
    }

    private final Path file;

    private Transcript(Path file) {
        this.file = file;
    }

    /** The transcript of that name beside a test's resources. */
    public static Transcript of(Class<?> test, String name) {
        var folder = RESOURCES.resolve(test.getPackageName().replace('.', '/'));
        return new Transcript(folder.resolve(name + ".txt"));
    }

    /** Plays it and compares what came of it with what is written. */
    public void check(Player player) throws Exception {
        var blocks = new ArrayList<String>();
        for (String block : Files.readString(file).strip().split("\n{2,}", -1)) {
            var inputs = block.lines().filter(Transcript::isInput).toList();
            var lines = new ArrayList<>(inputs);
            var wanted = inputs.stream().filter(line -> !line.startsWith("#")).toList();
            for (String line : wanted.isEmpty() ? List.<String>of() : player.play(wanted)) {
                lines.add(line.isEmpty() ? "." : line);
            }
            blocks.add(String.join("\n", lines));
        }
        String played = String.join("\n\n", blocks) + "\n";
        if (Objects.equals(System.getProperty("transcripts"), "write")) {
            write(played);
        }
        assertThat(played).isEqualTo(Files.readString(file));
    }

    private void write(String played) throws IOException {
        Files.writeString(file, played);
    }

    private static boolean isInput(String line) {
        return line.startsWith("# ")
                || line.startsWith("! ")
                || line.startsWith("> ")
                || line.startsWith("$ ");
    }
}
