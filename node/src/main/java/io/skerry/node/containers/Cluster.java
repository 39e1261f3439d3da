package io.skerry.node.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.containers.remote.HostClient;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.api.schema.StoreAway;
import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.Endpoints;
import io.skerry.fleet.ctl.FleetCtl;
import io.skerry.fleet.ctl.Surroundings;
import io.skerry.fleet.ctl.UnitRest;
import io.skerry.fleet.daemon.HostIdentity;
import io.skerry.node.playground.HostNames;
import io.skerry.node.playground.PlaygroundApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The cluster that a command is about: the playground that is named, else what {@code skerry env}
 * set the shell up for, else that of the host on which the command runs, else the usual playground.
 */
final class Cluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Path SOCKET = Path.of("/run/fleet.sock");
    private static final String BASE = "/fleet/v1/";
    private static final int LEAST_OF_AN_ID = 4;

    private final Endpoints endpoints;
    private final HostNames names;
    private final Optional<String> here;
    private @Nullable Network network;
    private @Nullable HostClient hosts;

    /** What is at these addresses. */
    Cluster(Endpoints endpoints, HostNames names, Optional<String> here) {
        this.endpoints = endpoints;
        this.names = names;
        this.here = here;
    }

    /**
     * A host of the cluster.
     *
     * @param name as it is called here, or its address
     */
    record Machine(String id, String address, String name) {
        /** Whether a user means it by a name, an address, a machine id or the beginning of one. */
        boolean isMeantBy(String text) {
            return name.equals(text)
                    || address.equals(text)
                    || (text.length() >= LEAST_OF_AN_ID && id.startsWith(text));
        }
    }

    static Cluster of(CommandSpec command) throws IOException {
        var option = command.root().findOption("--playground");
        String playground = option.getValue();
        boolean named =
                !command.root().commandLine().getParseResult().matchedOptions().isEmpty()
                        && command.root()
                                .commandLine()
                                .getParseResult()
                                .hasMatchedOption("--playground");
        String endpoint = System.getenv("FLEETCTL_ENDPOINT");
        if (!named && endpoint != null && !endpoint.isBlank()) {
            return new Cluster(ofEnvironment(endpoint), HostNames.of(playground), Optional.empty());
        }
        if (!named && Files.exists(SOCKET)) {
            return new Cluster(
                    EndpointSource.LOCAL.find(),
                    new HostNames(Map.of()),
                    Optional.of(HostIdentity.machineId()));
        }
        return new Cluster(
                new PlaygroundApi(playground).find(), HostNames.of(playground), Optional.empty());
    }

    private static Endpoints ofEnvironment(String endpoint) throws IOException {
        String certificate = System.getenv("FLEETCTL_CERT_FILE");
        String key = System.getenv("FLEETCTL_KEY_FILE");
        String authority = System.getenv("FLEETCTL_CA_FILE");
        try {
            var urls = Arrays.stream(endpoint.split(",")).map(ListenUrl::parse).toList();
            boolean identity = certificate != null && key != null && authority != null;
            return new Endpoints(
                    urls,
                    identity
                            ? new TlsFiles(
                                    Path.of(certificate), Path.of(key), Path.of(authority), false)
                            : null);
        } catch (IllegalArgumentException e) {
            throw new IOException("FLEETCTL_ENDPOINT: " + e.getMessage(), e);
        }
    }

    /** The hosts that take part now, by name. */
    List<Machine> machines() throws IOException {
        var machines = new ArrayList<Machine>();
        for (JsonNode machine : list("machines", "machines")) {
            String id = machine.path("id").asText();
            String address = machine.path("primaryIP").asText();
            machines.add(new Machine(id, address, names.name(id).orElse(address)));
        }
        machines.sort(java.util.Comparator.comparing(Machine::name));
        return machines;
    }

    /** The machine id of the host on which the command runs, if that is how it came here. */
    Optional<String> here() {
        return here;
    }

    /** The host that a user means by name, address, machine id, or the beginning of one. */
    Machine machine(String text) throws IOException {
        List<Machine> machines = machines();
        List<Machine> found = machines.stream().filter(machine -> machine.isMeantBy(text)).toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new IOException(
                (found.isEmpty() ? "there is no host '" : "more than one host is meant by '")
                        + text
                        + "'; there are "
                        + String.join(", ", machines.stream().map(Machine::name).toList()));
    }

    /** All objects of one of fleet's collections, over all its pages. */
    List<JsonNode> list(String collection, String field) throws IOException {
        var found = new ArrayList<JsonNode>();
        String page = "";
        do {
            JsonNode answer;
            try (var response = get(collection + page, false)) {
                answer = JSON.readTree(response.body().readAllBytes());
            }
            answer.path(field).forEach(found::add);
            String next = answer.path("nextPageToken").asText("");
            page = next.isEmpty() ? "" : "?nextPageToken=" + next;
        } while (!page.isEmpty());
        return found;
    }

    /**
     * An answer of status 200, from the first host that gives one, unless one before refuses the
     * request; asks again while the store is away, as it is while it elects a leader.
     */
    BlockingHttp.Response get(String path, boolean follow) throws IOException {
        long end = System.nanoTime() + LONGEST_ABSENCE.toNanos();
        while (true) {
            try {
                return getOnce(path, follow);
            } catch (Away e) {
                if (System.nanoTime() - end >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** The store is away. */
    private static final class Away extends IOException {
        private static final long serialVersionUID = 1;

        Away(String message) {
            super(message);
        }
    }

    private BlockingHttp.Response getOnce(String path, boolean follow) throws IOException {
        IOException failure = new IOException("there is no host to ask");
        for (ListenUrl url : endpoints.urls()) {
            int status;
            byte[] answer;
            try {
                var http = new BlockingHttp(url, endpoints.tls(), TIMEOUT);
                var response =
                        follow
                                ? http.follow("GET", BASE + path, Map.of(), new byte[0])
                                : http.send("GET", BASE + path, Map.of(), new byte[0]);
                if (response.status() == 200) {
                    return response;
                }
                try (response) {
                    status = response.status();
                    answer = response.body().readAllBytes();
                }
            } catch (IOException e) {
                // That a store is away is the better reason: it may be back soon.
                failure = failure instanceof Away ? failure : e;
                continue;
            }
            String message = message(url, status, answer);
            if (status / 100 == 4) {
                throw new IOException(message);
            }
            if (StoreAway.isSaidBy(status, answer)) {
                failure = new Away(message);
            } else if (!(failure instanceof Away)) {
                failure = new IOException(message);
            }
        }
        throw failure;
    }

    private static String message(ListenUrl url, int status, byte[] answer) {
        try {
            return JsonReader.ANSWERS.errorMessage(answer);
        } catch (SchemaException e) {
            return url + " answered with status " + status;
        }
    }

    /** For what only the hosts themselves know. */
    HostClient hosts() throws IOException {
        HostClient client = hosts;
        if (client == null) {
            Network started = Network.start(1);
            network = started;
            client =
                    new HostClient(
                            started,
                            endpoints.urls().stream()
                                    .map(url -> URI.create(url.toString()))
                                    .toList(),
                            endpoints.tls());
            hosts = client;
        }
        return client;
    }

    /** What the host of that machine is called here. */
    String hostName(String machineId, String otherwise) {
        return names.name(machineId).orElse(otherwise);
    }

    /** Runs one of fleet's commands; what it says goes to {@code out}. */
    int fleet(PrintWriter out, PrintWriter err, String... words) {
        return FleetCtl.run(
                List.of(words),
                new Surroundings("skerry", "", out, err, Map.of(), Path.of(""), () -> endpoints));
    }

    /** Returns when that unit has come to rest where it is placed. */
    void awaitRest(String unit) throws IOException, InterruptedException {
        UnitRest.await(endpoints, unit);
    }

    /** The container that a user means. */
    KnownContainer container(String text) throws IOException {
        return new ContainerNames(KnownContainer.all(this), here).find(text);
    }

    @Override
    public void close() {
        HostClient client = hosts;
        if (client != null) {
            client.close();
        }
        Network started = network;
        if (started != null) {
            started.close();
        }
    }
}
