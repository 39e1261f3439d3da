package io.skerry.etcd.ctl.remote;

import io.skerry.etcd.ctl.format.Json;
import io.skerry.etcd.ctl.format.Lines;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * What is around a run of the command line.
 *
 * @param input standard input
 * @param environment of the process
 * @param interrupts takes what is to be done when the user ends the program; the program ends after
 *     it
 */
public record Console(
        InputStream input,
        Lines out,
        Lines err,
        Map<String, String> environment,
        Consumer<Runnable> interrupts) {
    public Console {
        environment = Map.copyOf(environment);
    }

    /** A line of the client's log, as etcdctl has them on standard error. */
    public void log(String level, String message, SequencedMap<String, String> more) {
        var line = new StringBuilder("{\"level\":\"").append(level).append("\",\"ts\":\"");
        line.append(Instant.now().truncatedTo(ChronoUnit.MILLIS)).append("\",\"msg\":");
        line.append(Json.text(message));
        more.forEach((name, value) ->
                line.append(",\"").append(name).append("\":").append(Json.text(value)));
        err.line(line.append('}').toString());
    }

    /** The same without further members. */
    public void log(String level, String message) {
        log(level, message, new LinkedHashMap<>());
    }
}
