package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.ServedApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ListWatchTest {
    private final List<Thread> watchers = new ArrayList<>();
    private ServedApi served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedApi();
        happen("machine 11111111111111111111111111111111 10.0.0.1");
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Thread watcher : watchers) {
            watcher.interrupt();
            watcher.join();
        }
        served.close();
    }

    @Test
    void tableGrowsByWhatHappens() throws IOException {
        happen("state a.service 11111111111111111111111111111111 loaded active running");
        var lines = watch("list-units", "--watch");

        assertThat(lines.readLine()).matches("CHANGE +UNIT +MACHINE +ACTIVE +SUB");
        assertThat(lines.readLine())
                .matches("added +a.service +11111111.../10.0.0.1 +active +run.*");
        happen("state a.service 11111111111111111111111111111111 loaded failed failed");
        assertThat(lines.readLine()).matches("changed +a.service .* failed +failed");
        happen("state b.service 11111111111111111111111111111111 loaded active exited");
        assertThat(lines.readLine()).matches("added +b.service .* active +exited");
    }

    @Test
    void programsReadAnObjectALine() throws IOException {
        var lines = watch("list-machines", "-w", "-o", "json");

        assertThat(lines.readLine())
                .startsWith("{\"change\":\"added\",\"machine\":{\"id\":\"1111111111111");
        happen("machine 22222222222222222222222222222222 10.0.0.2");
        assertThat(lines.readLine()).startsWith("{\"change\":\"added\",\"machine\":{\"id\":\"222");
        happen("lose 22222222222222222222222222222222");
        assertThat(lines.readLine()).startsWith("{\"change\":\"removed\",\"machine\":{\"id\":\"22");
    }

    @Test
    void wantedStateOfUnitsCanBeWatched() throws IOException {
        happen("unit a.service launched");
        var lines = watch("list-unit-files", "--watch", "--no-legend", "--fields=unit,dstate");

        assertThat(lines.readLine()).matches("added +a.service +launched");
        happen("destroy a.service");
        assertThat(lines.readLine()).matches("removed +a.service +launched");
    }

    @Test
    void whatTheFeedDoesNotTellIsRefused() {
        assertThat(refusal("list-unit-files", "--watch", "-o", "wide"))
                .contains("--watch does not know the field desc");
        assertThat(refusal("list-units", "--watch", "-o", "yaml")).contains("an object a line");
    }

    private void happen(String words) {
        Events.happen(served.registry(), words);
    }

    private BufferedReader watch(String... words) throws IOException {
        var pipe = new PipedWriter();
        var reader = new BufferedReader(new PipedReader(pipe));
        var out = new PrintWriter(pipe);
        watchers.add(Thread.ofPlatform().start(() -> run(out, out, words)));
        return reader;
    }

    private String refusal(String... words) {
        var err = new StringWriter();
        assertThat(run(new PrintWriter(err), new PrintWriter(err), words)).isEqualTo(2);
        return err.toString();
    }

    private int run(PrintWriter out, PrintWriter err, String... words) {
        return FleetCtl.run(
                List.of(words),
                new Surroundings(
                        "fleetctl",
                        "1.2.3",
                        out,
                        err,
                        Map.of("FLEETCTL_REQUEST_TIMEOUT", "60"),
                        Path.of(""),
                        () -> new Endpoints(List.of(served.url(ServedApi.FIRST)), null)));
    }
}
