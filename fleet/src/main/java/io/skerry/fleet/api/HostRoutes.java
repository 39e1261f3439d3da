package io.skerry.fleet.api;

import com.google.protobuf.ByteString;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.api.schema.UnitStatus;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.journal.JournalException;
import io.skerry.systemd.journal.JournalStream;
import io.skerry.systemd.journal.OutputFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Log and status of a unit, from the host that has it. When that is another one, its API is asked
 * and its answer passed on; a request is passed on only once.
 */
final class HostRoutes {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PASSED_ON = "x-skerry-passed-on";
    private static final List<String> PASSED_BACK = List.of("content-type", UnitStatus.EXIT_STATUS);
    private static final int MAX_LINES = 100_000;

    private final Registry registry;
    private final LocalHost local;
    private final Peers peers;

    HostRoutes(Registry registry, LocalHost local, Peers peers) {
        this.registry = registry;
        this.local = local;
        this.peers = peers;
    }

    void addTo(Routes routes) {
        routes.get("/units/{name}/journal", this::journal);
        routes.get("/units/{name}/status", this::status);
    }

    private HttpReply journal(HttpCall call) throws Exception {
        var query = new Query(call, "lines", "output", "follow", "machineID");
        int lines = query.number("lines", 10, 0, MAX_LINES);
        boolean follow = query.flag("follow");
        OutputFormat format = format(query.text("output"));
        Unit unit = UnitRoutes.known(registry, call);
        String machineId = machineOf(unit, query.text("machineID"));
        if (!machineId.equals(local.machineId())) {
            String parameters =
                    "?lines=" + lines + "&output=" + format.option() + "&follow=" + follow;
            return passOn(call, machineId, "journal", parameters, follow);
        }
        JournalStream journal = open(unit, lines, format, follow);
        return HttpReply.stream(200, TEXT, sink -> copy(journal, sink));
    }

    private JournalStream open(Unit unit, int lines, OutputFormat format, boolean follow)
            throws HttpError {
        try {
            return local.journal(unit.name(), lines, format, follow);
        } catch (JournalException e) {
            throw new HttpError(500, String.valueOf(e.getMessage()));
        }
    }

    private static void copy(JournalStream journal, HttpReply.BodySink sink)
            throws IOException, InterruptedException {
        sink.onClose(journal::close);
        try (journal) {
            for (String line = journal.next(); line != null; line = journal.next()) {
                sink.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (JournalException e) {
            // The status line is sent already; the reader sees why the log ends here.
            sink.write(("-- " + e.getMessage() + " --\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private HttpReply status(HttpCall call) throws Exception {
        var query = new Query(call, "machineID");
        Unit unit = UnitRoutes.known(registry, call);
        String machineId = machineOf(unit, query.text("machineID"));
        if (!machineId.equals(local.machineId())) {
            return passOn(call, machineId, "status", "", false);
        }
        LocalHost.Status status = local.status(unit.name());
        return new HttpReply.Full(
                200,
                Map.of(
                        "content-type",
                        TEXT,
                        UnitStatus.EXIT_STATUS,
                        Integer.toString(status.exitStatus())),
                ByteString.copyFromUtf8(status.text()));
    }

    private static OutputFormat format(String name) throws HttpError {
        String wanted = name.isEmpty() ? "short" : name;
        return OutputFormat.of(wanted)
                .orElseThrow(() ->
                        new HttpError(
                                400,
                                "query parameter output must be a format of journalctl, not '"
                                        + wanted
                                        + "'"));
    }

    /**
     * The host to ask: the one named, else the unit's; of a global unit this one, if it has it,
     * else any that has.
     */
    private String machineOf(Unit unit, String named) throws HttpError, RegistryException {
        if (!named.isEmpty()) {
            return named;
        }
        if (unit.placement() != null) {
            return unit.placement().machineId();
        }
        var having = registry.states(unit.name()).stream().map(UnitStateReport::machineId).toList();
        if (having.contains(local.machineId())) {
            return local.machineId();
        }
        if (having.isEmpty() && unit.finishedOn() != null) {
            return unit.finishedOn();
        }
        if (having.isEmpty()) {
            throw new HttpError(
                    409, "the unit is on no machine; start it, or see why with explain");
        }
        return having.getFirst();
    }

    private HttpReply passOn(
            HttpCall call, String machineId, String what, String parameters, boolean follow)
            throws HttpError, RegistryException {
        if (call.header(PASSED_ON) != null) {
            throw new HttpError(409, "the unit has moved meanwhile; try again");
        }
        MachineState machine = machine(machineId);
        String target =
                FleetApi.BASE
                        + "/units/"
                        + URLEncoder.encode(call.parameter("name"), StandardCharsets.UTF_8)
                        + "/"
                        + what
                        + parameters
                        + (parameters.isEmpty() ? "?" : "&")
                        + "machineID="
                        + URLEncoder.encode(machineId, StandardCharsets.UTF_8);
        var client = peers.clientOf(machine);
        var headers = Map.of(PASSED_ON, local.machineId());
        try {
            var response =
                    follow
                            ? client.follow("GET", target, headers, new byte[0])
                            : client.send("GET", target, headers, new byte[0]);
            return answer(response);
        } catch (IOException e) {
            throw new HttpError(
                    502,
                    "host "
                            + machine.publicIp()
                            + " ("
                            + machine.shortId()
                            + "...) does not answer: "
                            + e.getMessage());
        }
    }

    private MachineState machine(String id) throws HttpError, RegistryException {
        Optional<MachineState> machine =
                registry.machines().stream().filter(m -> m.id().equals(id)).findFirst();
        return machine.orElseThrow(
                () -> new HttpError(502, "host " + id + " is not there; it may have gone down"));
    }

    private static HttpReply answer(BlockingHttp.Response response) throws IOException, HttpError {
        if (response.status() != 200) {
            try (response) {
                throw new HttpError(
                        Math.max(response.status(), 400), message(response.body().readAllBytes()));
            }
        }
        var headers = new HashMap<>(Map.of("content-type", TEXT));
        for (String name : PASSED_BACK) {
            @Nullable String value = response.header(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return new HttpReply.Streaming(200, headers, sink -> relay(response, sink));
    }

    private static void relay(BlockingHttp.Response response, HttpReply.BodySink sink)
            throws IOException, InterruptedException {
        sink.onClose(() -> close(response));
        try (response) {
            InputStream body = response.body();
            var buffer = new byte[8192];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                sink.write(Arrays.copyOf(buffer, n));
            }
        }
    }

    private static void close(BlockingHttp.Response response) {
        try {
            response.close();
        } catch (IOException e) {
            // The connection is given up either way.
        }
    }

    private static String message(byte[] body) {
        try {
            return JsonReader.ANSWERS.errorMessage(body);
        } catch (SchemaException e) {
            return new String(body, StandardCharsets.UTF_8).strip();
        }
    }
}
