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
import java.util.stream.Collectors;

/**
 * What a container wrote, out of the journal of its unit: lines of systemd about the unit are left
 * out.
 */
final class ContainerLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of the unit's lines not all are the container's. */
    private static final int FACTOR = 4;

    /** Lines that may come between two looks at the journal. */
    private static final int BETWEEN = 1000;

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
     * @param micros when it was written, by the clock of its host
     * @param cursor that no other line of the host has
     */
    record Line(String text, String run, long micros, String cursor) {}

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
        List<Line> past = last(lines);
        if (!past.stream().allMatch(reader)) {
            return;
        }
        long seen = past.isEmpty() ? 0 : past.getLast().micros();
        var cursors = past.stream().map(Line::cursor).collect(Collectors.toSet());
        // It begins early enough to have all that was written since.
        try (var text = new Entries(Math.min(MOST_LINES, lines * FACTOR + BETWEEN), true)) {
            text.readAll(entry ->
                    line(entry)
                            .filter(line ->
                                    line.micros() >= seen && !cursors.contains(line.cursor()))
                            .map(reader::test)
                            .orElse(true));
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
                                entry.path("_SYSTEMD_INVOCATION_ID").asText(),
                                entry.path("__REALTIME_TIMESTAMP").asLong(),
                                entry.path("__CURSOR").asText()))
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
