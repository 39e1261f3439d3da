package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.ListenUrl;
import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.ServedApi;
import io.skerry.fleet.api.Transcript;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetCtlTest {
    private static final String WATCHED = "?watch=true";

    @TempDir private Path directory = Path.of("");

    private ServedApi served;

    private final Map<String, String> environment = new HashMap<>();
    private List<ListenUrl> urls = List.of();

    @BeforeEach
    void serve() throws IOException {
        served = new ServedApi();
        urls = List.of(served.url(ServedApi.FIRST));
        // Its own three seconds to reach a host may not do on a busy machine.
        environment.put("FLEETCTL_REQUEST_TIMEOUT", "60");
    }

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lists", "units", "files", "templates", "usage", "logs", "waiting", "drain"})
    void doesAsWritten(String transcript) throws Exception {
        Transcript.of(FleetCtlTest.class, transcript).check(this::play);
    }

    private List<String> play(List<String> inputs) throws IOException {
        var lines = new ArrayList<String>();
        for (String input : inputs) {
            String words = input.substring(2);
            if (input.startsWith("> ")) {
                write(words);
            } else if (input.startsWith("! env ")) {
                String[] pair = words.substring(4).split("=", 2);
                environment.put(pair[0], pair[1]);
            } else if (input.startsWith("! ")) {
                Events.happen(served.registry(), words);
            } else {
                lines.addAll(run(words));
            }
        }
        return lines;
    }

    /** {@code NAME: LINE} appends a line to a file. */
    private void write(String words) throws IOException {
        String[] parts = words.split(": ?", 2);
        Path file = directory.resolve(parts[0]);
        String before = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, before + parts[1] + "\n");
    }

    /** Standard output, then standard error marked as such, then the exit code if it is not 0. */
    private List<String> run(String command) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = run(command, out, err);
        var lines = new ArrayList<>(shown(out).lines().toList());
        shown(err).lines().forEach(line -> lines.add("2> " + line));
        if (code != 0) {
            lines.add("exit " + code);
        }
        return lines;
    }

    private int run(String command, StringWriter out, StringWriter err) {
        List<String> words = List.of(command.split(" +", -1));
        assertThat(words.getFirst()).isEqualTo("fleetctl");
        return FleetCtl.run(
                words.subList(1, words.size()),
                new Surroundings(
                        "fleetctl",
                        "1.2.3",
                        new PrintWriter(out),
                        new PrintWriter(err),
                        environment,
                        directory,
                        () -> new Endpoints(urls, null)));
    }

    /** Ports differ from run to run. */
    private String shown(StringWriter text) {
        return text.toString().replaceAll("127\\.0\\.0\\.1:\\d{4,5}", "127.0.0.1:PORT");
    }

    @Test
    void asksTheNextHostWhenOneDoesNotAnswer() {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        urls = List.of(new ListenUrl.Tcp("127.0.0.1", 1, false), served.url(ServedApi.SECOND));

        var out = new StringWriter();
        int code = run("fleetctl list-machines --no-legend", out, new StringWriter());

        assertThat(code).isZero();
        assertThat(out.toString()).startsWith("11111111...");
    }

    @Test
    void asksTheNextHostWhenOneAcceptsAndIsSilent() throws IOException {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        try (var silent = new ServerSocket(0)) {
            urls =
                    List.of(
                            new ListenUrl.Tcp("127.0.0.1", silent.getLocalPort(), false),
                            served.url(ServedApi.SECOND));

            var out = new StringWriter();
            int code = run("fleetctl list-machines --no-legend", out, new StringWriter());

            assertThat(code).isZero();
            assertThat(out.toString()).startsWith("11111111...");
        }
    }

    @Test
    void fiftyUnitsAreStartedTogether() throws IOException {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        served.registry().obey();
        var command = new StringBuilder("fleetctl start");
        for (int i = 0; i < 50; i++) {
            write("many" + i + ".service: [Service]");
            write("many" + i + ".service: ExecStart=/bin/true");
            command.append(" many").append(i).append(".service");
        }

        var out = new StringWriter();
        int code = run(command.toString(), out, new StringWriter());

        assertThat(code).isZero();
        assertThat(out.toString().lines().filter(line -> line.contains(" launched on ")))
                .hasSize(50);
    }

    /** More of them than a request line takes. */
    @Test
    void unitsWithLongNamesAreStartedAndDestroyedTogether() throws Exception {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        served.registry().obey();
        var names = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            String name = "n".repeat(200) + i + ".service";
            write(name + ": [Service]");
            write(name + ": ExecStart=/bin/true");
            names.append(' ').append(name);
        }

        var out = new StringWriter();
        assertThat(run("fleetctl start" + names, out, out)).as("%s", out).isZero();
        assertThat(served.registry().units()).hasSize(30);
        assertThat(run("fleetctl destroy --no-block" + names, out, out)).as("%s", out).isZero();
        assertThat(served.registry().units()).isEmpty();
    }

    @Test
    void aStartThatHasToWaitTellsWhyAndGoesOnWhenItCan() throws Exception {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        write("late.service: [Service]");
        write("late.service: ExecStart=/bin/true");
        write("late.service: [X-Fleet]");
        write("late.service: MachineMetadata=os=plan9");
        var out = new StringWriter();
        var err = new StringWriter();
        var code = new int[] {-1};
        var command =
                Thread.ofVirtual().start(() -> code[0] = run("fleetctl start late", out, err));

        awaitText(err, "os is not set, wanted plan9; still waiting");
        served.registry().machine(ServedApi.SECOND, "10.88.0.12", Map.of("os", "plan9"));
        served.registry().place("late.service", ServedApi.SECOND);
        served.registry().report("late.service", ServedApi.SECOND, "loaded", "active", "running");
        command.join();

        assertThat(code[0]).isZero();
        assertThat(out.toString()).contains("Unit late.service launched on 22222222.../10.88.0.12");
    }

    @Test
    @Timeout(300)
    void aDrainGoesOnAfterTheStoreWasAwayForAMoment() throws Exception {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        served.registry().awayAfterDrain();
        var out = new StringWriter();
        var err = new StringWriter();
        var code = new int[] {-1};
        var command = Thread.ofVirtual().start(() -> code[0] = run("fleetctl drain 1", out, err));

        served.registry().awaitRefusal();
        served.registry().away(false);
        command.join();

        assertThat(code[0]).as(err::toString).isZero();
        assertThat(out.toString()).contains("Machine 11111111.../10.88.0.11 is drained");
    }

    @Test
    @Timeout(300)
    void aRequestIsSentAgainWhenTheStoreIsBack() throws Exception {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        served.registry().away(true);
        var out = new StringWriter();
        var err = new StringWriter();
        var code = new int[] {-1};
        var command = Thread.ofVirtual().start(() -> code[0] = run("fleetctl drain 1", out, err));

        served.registry().awaitRefusal();
        served.registry().away(false);
        command.join();

        assertThat(code[0]).as(err::toString).isZero();
    }

    /** One after the other; what each waits for comes with the answer to its change. */
    @Test
    void aCommandThatWaitsAsksForTheUnitsAndForTheirChangeAlone() throws IOException {
        served.registry().machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        served.registry().obey();
        write("a.service: [Service]");
        write("a.service: ExecStart=/bin/true");
        write("b.service: [Service]");
        write("b.service: ExecStart=/bin/false");
        String one = "/fleet/v1/units/a.service";

        assertThat(requests("start a")).containsExactly("GET " + one, "PUT " + one + WATCHED);
        assertThat(requests("restart a"))
                .containsExactly("GET " + one, "PUT " + one + WATCHED, "PUT " + one + WATCHED);
        assertThat(requests("destroy a")).containsExactly("GET " + one, "DELETE " + one + WATCHED);
        String two = "/fleet/v1/units?unitName=a.service&unitName=b.service";
        assertThat(requests("load a b"))
                .containsExactly("GET " + two, "PUT /fleet/v1/units" + WATCHED);
        assertThat(requests("unload a b"))
                .containsExactly("GET " + two, "PUT /fleet/v1/units" + WATCHED);
        assertThat(requests("destroy a b"))
                .containsExactly("GET " + two, "DELETE " + two + "&watch=true");
        assertThat(requests("start --no-block a")).last().isEqualTo("PUT " + one);
    }

    private List<String> requests(String command) {
        var err = new StringWriter();
        assertThat(run("fleetctl --debug " + command, new StringWriter(), err)).isZero();
        var requests = new ArrayList<String>();
        for (String line : err.toString().lines().toList()) {
            if (line.startsWith("debug: ")) {
                requests.add(line.replaceAll("debug: (\\S+) http://[^/]*(\\S+): .*", "$1 $2"));
            }
        }
        return requests;
    }

    @Test
    @Timeout(300)
    void aHostThatIsBarredWhileItIsWaitedForEndsTheWaiting() throws Exception {
        Events.happen(served.registry(), "unit late.service launched");
        var err = new StringWriter();
        var code = new int[] {-1};
        var command =
                Thread.ofVirtual()
                        .start(() -> code[0] = run("fleetctl start late", new StringWriter(), err));
        awaitText(err, "; still waiting");

        served.bar("machine id 1111 is that of 10.88.0.12 already");
        served.endFeeds();
        command.join();

        assertThat(code[0]).isEqualTo(1);
        assertThat(err.toString()).contains("machine id 1111 is that of 10.88.0.12 already");
    }

    /** It would be the same answer again: its operator has to act. */
    @Test
    void aHostThatMayNotSpeakForTheClusterIsAskedOnce() {
        served.bar("machine id 1111 is that of 10.88.0.12 already");

        var err = new StringWriter();
        int code = run("fleetctl --debug list-machines", new StringWriter(), err);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("machine id 1111 is that of 10.88.0.12 already");
        assertThat(err.toString().lines().filter(line -> line.contains("/machines: 503")))
                .hasSize(1);
    }

    private static void awaitText(StringWriter text, String wanted) throws InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!Objects.toString(text).contains(wanted)) {
            assertThat(System.nanoTime()).as("waiting for %s in %s", wanted, text).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
