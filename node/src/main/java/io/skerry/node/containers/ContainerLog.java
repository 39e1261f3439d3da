package io.skerry.node.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.http.BlockingHttp;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a container wrote, out of the journal of its unit: lines of systemd about the unit are left
 * out.
 */
final class ContainerLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of the unit's lines not all are the container's. */
    private static final int FACTOR = 4;

    private static final int MOST_LINES = 100_000;

    private final Cluster cluster;
    private final String name;

    ContainerLog(Cluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    /**
     * A line of it.
     *
     * @param run told from other runs of the same container
     */
    record Line(String text, String run) {}

    /** The last lines. */
    List<Line> last(int lines) throws IOException {
        var last = new ArrayDeque<Line>();
        try (var text = new Entries(Math.min(MOST_LINES, lines * FACTOR + FACTOR), false)) {
            text.readAll(entry -> {
                line(entry).ifPresent(last::add);
                if (last.size() > lines) {
                    last.removeFirst();
                }
                return true;
            });
        }
        return List.copyOf(last);
    }

    /** The run that began last, if systemd has said anything of the container yet. */
    Optional<String> lastRun() throws IOException {
        var runs = new ArrayList<String>();
        try (var text = new Entries(FACTOR, false)) {
            text.readAll(entry -> {
                String run = entry.path("_SYSTEMD_INVOCATION_ID").asText("");
                String told = entry.path("INVOCATION_ID").asText(run);
                if (!told.isEmpty() && entry.path("UNIT").asText(name).startsWith(name)) {
                    runs.add(told);
                }
                return true;
            });
        }
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast());
    }

    /** The last lines and those that come, until the reader wants no more or the host goes. */
    void follow(int lines, Predicate<Line> reader) throws IOException {
        try (var text = new Entries(Math.min(MOST_LINES, lines * FACTOR + FACTOR), true)) {
            text.readAll(entry -> line(entry).map(reader::test).orElse(true));
        }
    }

    /** The journal of the unit, an entry a line. */
    private final class Entries implements AutoCloseable {
        private final BlockingHttp.Response response;

        Entries(int lines, boolean follow) throws IOException {
            response =
                    cluster.get(
                            "units/"
                                    + name
                                    + ".service/journal?output=json&lines="
                                    + lines
                                    + "&follow="
                                    + follow,
                            follow);
        }

        void readAll(Predicate<JsonNode> reader) throws IOException {
            var text =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                if (!line.startsWith("{")) {
                    throw new IOException(line); // the API says why the log ends
                }
                if (!reader.test(JSON.readTree(line))) {
                    return;
                }
            }
        }

        @Override
        public void close() throws IOException {
            response.close();
        }
    }

    /** The text of an entry that the container wrote. */
    private Optional<Line> line(JsonNode entry) {
        boolean own =
                entry.path("SYSLOG_IDENTIFIER").asText().equals(name)
                        && entry.path("_TRANSPORT").asText().equals("stdout");
        return own
                ? Optional.of(
                        new Line(
                                text(entry.path("MESSAGE")),
                                entry.path("_SYSTEMD_INVOCATION_ID").asText()))
                : Optional.empty();
    }

    /** journalctl writes what is not UTF-8 as an array of bytes. */
    private static String text(JsonNode message) {
        if (!message.isArray()) {
            return message.asText();
        }
        var bytes = new ByteArrayOutputStream();
        message.forEach(each -> bytes.write(each.asInt()));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
