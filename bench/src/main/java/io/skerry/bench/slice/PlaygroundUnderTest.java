package io.skerry.bench.slice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import io.skerry.base.tls.TlsFiles;
import io.skerry.bench.store.BenchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A playground as its user has it: through the launcher, and fleet's API with what env prints. */
final class PlaygroundUnderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(2);

    private final Path launcher;
    private final String name;

    PlaygroundUnderTest(Path launcher, String name) {
        this.launcher = launcher;
        this.name = name;
    }

    /** Runs a command of the program, whatever comes of it. */
    Finished run(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(launcher.toString(), "--playground", name));
        command.addAll(List.of(words));
        return Command.of(command).timeout(LONGEST).run();
    }

    /** Runs a command that must succeed. */
    String call(String... words) throws IOException, InterruptedException, BenchException {
        Finished done = run(words);
        if (!done.succeeded()) {
            throw new BenchException(
                    "\""
                            + Arrays.stream(words).limit(4).collect(Collectors.joining(" "))
                            + "\" failed: "
                            + done.stderr().strip());
        }
        return done.stdout().strip();
    }

    /** Runs a line of shell in a host. */
    String inHost(String host, String script)
            throws IOException, InterruptedException, BenchException {
        return call("host", "exec", host, "--", "sh", "-c", script);
    }

    /** The hosts by name, as {@code host list -o json} tells of them. */
    Map<String, JsonNode> hosts() throws IOException, InterruptedException, BenchException {
        var hosts = new HashMap<String, JsonNode>();
        for (JsonNode host : JSON.readTree(call("host", "list", "-o", "json"))) {
            hosts.put(host.path("name").asText(), host);
        }
        return hosts;
    }

    /** The host whose store leads. */
    String leader() throws IOException, InterruptedException, BenchException {
        for (JsonNode host : JSON.readTree(call("status", "-o", "json")).path("hosts")) {
            if (host.path("store").asText().equals("leader")) {
                return host.path("name").asText();
            }
        }
        throw new BenchException("no store leads in playground " + name);
    }

    /** What fleet says of its units at this host, by unit; nothing while it does not answer. */
    Map<String, UnitState> states(String host)
            throws IOException, InterruptedException, BenchException {
        return states(apiOf(host));
    }

    /** The same with a client that is kept. */
    static Map<String, UnitState> states(BlockingHttp api) {
        var states = new HashMap<String, UnitState>();
        String page = "";
        try {
            do {
                try (var answer =
                        api.send("GET", "/fleet/v1/state" + page, Map.of(), new byte[0])) {
                    JsonNode list = JSON.readTree(answer.text());
                    for (JsonNode state : list.path("states")) {
                        states.put(
                                state.path("name").asText(),
                                new UnitState(
                                        state.path("machineID").asText(),
                                        state.path("systemdActiveState").asText()));
                    }
                    String next = list.path("nextPageToken").asText("");
                    page = next.isEmpty() ? "" : "?nextPageToken=" + next;
                }
            } while (!page.isEmpty());
        } catch (IOException away) {
            return Map.of();
        }
        return states;
    }

    /** A client of one host's fleet API. */
    BlockingHttp apiOf(String host) throws IOException, InterruptedException, BenchException {
        Map<String, String> env = environment();
        JsonNode found = hosts().get(host);
        if (found == null) {
            throw new BenchException("playground " + name + " has no host " + host);
        }
        var tls =
                new TlsFiles(
                        Path.of(env.getOrDefault("SKERRY_CERT", "")),
                        Path.of(env.getOrDefault("SKERRY_KEY", "")),
                        Path.of(env.getOrDefault("SKERRY_CACERT", "")),
                        false);
        return BlockingHttp.reusing(
                ListenUrl.parse("https://127.0.0.1:" + found.path("fleetPort").asInt()),
                tls,
                ASK_LIMIT);
    }

    private Map<String, String> environment()
            throws IOException, InterruptedException, BenchException {
        var variables = new HashMap<String, String>();
        for (String line : call("env").lines().toList()) {
            int equals = line.indexOf('=');
            variables.put(
                    line.substring("export ".length(), equals),
                    line.substring(equals + 1).replaceAll("^'|'$", ""));
        }
        return variables;
    }

    /**
     * What fleet says of a unit.
     *
     * @param active systemd's word for it
     */
    record UnitState(String machineId, String active) {}
}
