package io.skerry.fleet.ctl;

import io.skerry.base.batch.Batches;
import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.Explanation;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.api.schema.StoreAway;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.api.schema.UnitMove;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The fleet API in terms of its entities. Thread-safe; each call is one request, or one for each
 * page.
 */
final class ApiClient {
    private static final String BASE = "/fleet/v1";
    private static final byte[] NO_BODY = {};

    /** Half of the longest request line that the API takes; the path and a page's token follow. */
    private static final int MAX_QUERY_CHARS = 2048;

    private static final Batches<String> QUERIES =
            Batches.<String>ofAtMost(50).and(n -> parameter(n).length() + 1, MAX_QUERY_CHARS);

    /** The API takes 1,000 units in a megabyte at most; what JSON adds around them is little. */
    private static final Batches<UnitEntity> BODIES =
            Batches.<UnitEntity>ofAtMost(500)
                    .and(unit -> JsonWriter.unit(unit).length + 1, 1_000_000);

    /** How our first versions answer when they are asked for units by name. */
    private static final String UNKNOWN_PARAMETER = "unknown query parameter 'unitName'";

    /** Asks that what happens to the units be told in the answer to their change. */
    private static final String WATCH = "watch=true";

    private static final String UNKNOWN_WATCH = "unknown query parameter 'watch'";

    private final Hosts hosts;

    /** The API is known to have no requests for several units. */
    private volatile boolean oneByOne;

    ApiClient(Hosts hosts) {
        this.hosts = hosts;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(byte[] json) throws SchemaException;
    }

    List<Machine> machines() throws CtlException, IOException, InterruptedException {
        return pages("/machines", JsonReader.ANSWERS::machines);
    }

    List<UnitEntity> units() throws CtlException, IOException, InterruptedException {
        return pages("/units", JsonReader.ANSWERS::units);
    }

    /** Those of these units that the cluster has, by name. */
    Map<String, UnitEntity> units(Collection<String> names)
            throws CtlException, IOException, InterruptedException {
        var known = new HashMap<String, UnitEntity>();
        for (List<String> some : parts(names)) {
            request(
                    some,
                    together ->
                            pages("/units" + query(together), JsonReader.ANSWERS::units)
                                    .forEach(unit -> known.put(unit.name(), unit)),
                    name -> unit(name).ifPresent(unit -> known.put(unit.name(), unit)));
        }
        return known;
    }

    @FunctionalInterface
    private interface Request<T> {
        void send(T what) throws CtlException, IOException, InterruptedException;
    }

    /**
     * Sends one request for several items or, where the API has none, one for each: the original
     * has not, nor had the first versions of ours. What such a host answers is seen once.
     */
    private <T> void request(List<T> items, Request<List<T>> together, Request<T> each)
            throws CtlException, IOException, InterruptedException {
        if (items.size() > 1 && !oneByOne) {
            try {
                together.send(items);
                return;
            } catch (CtlException e) {
                if (!isUnknownRequest(e)) {
                    throw e;
                }
                oneByOne = true;
            }
        }
        for (T item : items) {
            each.send(item);
        }
    }

    private static boolean isUnknownRequest(CtlException e) {
        return switch (e.status()) {
            case 404, 405 -> true;
            case 400 -> String.valueOf(e.getMessage()).startsWith(UNKNOWN_PARAMETER);
            default -> false;
        };
    }

    List<UnitStateEntity> states() throws CtlException, IOException, InterruptedException {
        return pages("/state", JsonReader.ANSWERS::states);
    }

    /** The states of one unit. */
    List<UnitStateEntity> states(String name)
            throws CtlException, IOException, InterruptedException {
        return pages("/state?" + parameter(name), JsonReader.ANSWERS::states);
    }

    Optional<UnitEntity> unit(String name) throws CtlException, IOException, InterruptedException {
        return read("/units/" + encode(name), JsonReader.ANSWERS::unit);
    }

    Optional<Explanation> explain(String name)
            throws CtlException, IOException, InterruptedException {
        return read("/units/" + encode(name) + "/explain", JsonReader.ANSWERS::explanation);
    }

    /** Creates or changes a unit. */
    void put(UnitEntity unit) throws CtlException, IOException, InterruptedException {
        put(unit, "");
    }

    /**
     * Creates or changes units, many with one request.
     *
     * @param done told the units of each request that has been answered well
     */
    void putAll(List<UnitEntity> units, Consumer<UnitEntity> done)
            throws CtlException, IOException, InterruptedException {
        for (List<UnitEntity> some : BODIES.of(units)) {
            request(
                    some,
                    together -> {
                        byte[] body = JsonWriter.units(new Page<>(together, ""));
                        try (Response response = hosts.send("PUT", BASE + "/units", body)) {
                            check(response);
                        }
                        together.forEach(done);
                    },
                    unit -> {
                        put(unit);
                        done.accept(unit);
                    });
        }
    }

    /**
     * As {@link #putAll}, and the feed of the units from then on where the API answers with it: one
     * request instead of two. Close it.
     */
    Optional<Response> putAllAndWatch(List<UnitEntity> units, Consumer<UnitEntity> done)
            throws CtlException, IOException, InterruptedException {
        if (BODIES.of(units).size() == 1) {
            UnitEntity first = units.getFirst();
            boolean one = units.size() == 1;
            byte[] body = one ? JsonWriter.unit(first) : JsonWriter.units(new Page<>(units, ""));
            String target = BASE + "/units" + (one ? "/" + encode(first.name()) : "");
            var answer = changeAndWatch("PUT", target + "?" + WATCH, body, one ? first.name() : "");
            if (answer.isPresent()) {
                units.forEach(done);
                return answer.get().feed();
            }
        }
        putAll(units, done);
        return Optional.empty();
    }

    /** As {@link #destroyAll}, and the feed as of {@link #putAllAndWatch}. */
    Optional<Response> destroyAllAndWatch(Collection<String> names)
            throws CtlException, IOException, InterruptedException {
        List<List<String>> parts = parts(names);
        if (parts.size() == 1) {
            List<String> all = parts.getFirst();
            boolean one = all.size() == 1;
            String target =
                    BASE
                            + "/units"
                            + (one ? "/" + encode(all.getFirst()) + "?" : query(all) + "&")
                            + WATCH;
            var answer = changeAndWatch("DELETE", target, NO_BODY, one ? all.getFirst() : "");
            if (answer.isPresent()) {
                return answer.get().feed();
            }
        }
        destroyAll(names);
        return Optional.empty();
    }

    /**
     * The change was made.
     *
     * @param feed empty: the API has answered without it
     */
    private record Changed(Optional<Response> feed) {}

    /**
     * Asks for a change with the feed as its answer; empty: the API does not know such a request.
     *
     * @param unit the only one that it is about; empty: several
     */
    private Optional<Changed> changeAndWatch(String method, String target, byte[] body, String unit)
            throws CtlException, IOException, InterruptedException {
        Response response = hosts.sendAndFollow(method, target, body);
        if (response.status() == 200) {
            return Optional.of(new Changed(Optional.of(response)));
        }
        try (response) {
            byte[] answer = response.body().readAllBytes();
            boolean unknown =
                    response.status() == 400
                            && errorMessage(answer).orElse("").startsWith(UNKNOWN_WATCH);
            boolean several = unit.isEmpty();
            if (unknown || (several && List.of(404, 405).contains(response.status()))) {
                return Optional.empty();
            }
            if (method.equals("DELETE") && response.status() == 404) {
                return Optional.of(new Changed(Optional.empty()));
            }
            if (several) {
                check(response, answer);
            } else if (response.status() / 100 != 2) {
                throw failed(unit, response, answer);
            }
            return Optional.of(new Changed(Optional.empty()));
        }
    }

    /** Changes a unit when its turn has come among those of the rollout. */
    void putInTurn(UnitEntity unit, String rollout, int position)
            throws CtlException, IOException, InterruptedException {
        put(unit, "?rollout=" + encode(rollout) + "&position=" + position);
    }

    private void put(UnitEntity unit, String query)
            throws CtlException, IOException, InterruptedException {
        byte[] body = JsonWriter.unit(unit);
        String target = BASE + "/units/" + encode(unit.name()) + query;
        try (Response response = hosts.send("PUT", target, body)) {
            byte[] answer = response.body().readAllBytes();
            if (response.status() / 100 != 2) {
                throw failed(unit.name(), response, answer);
            }
        }
    }

    /** Destroys a unit; false: there was none. */
    boolean destroy(String name) throws CtlException, IOException, InterruptedException {
        try (Response response = hosts.send("DELETE", BASE + "/units/" + encode(name), NO_BODY)) {
            byte[] answer = response.body().readAllBytes();
            if (response.status() == 404) {
                return false;
            }
            if (response.status() / 100 != 2) {
                throw failed(name, response, answer);
            }
            return true;
        }
    }

    /** Destroys units, many with one request; those that there are not are left out. */
    void destroyAll(Collection<String> names)
            throws CtlException, IOException, InterruptedException {
        for (List<String> some : parts(names)) {
            request(
                    some,
                    together -> {
                        String target = BASE + "/units" + query(together);
                        try (Response response = hosts.send("DELETE", target, NO_BODY)) {
                            checkDestroyed(response);
                        }
                    },
                    this::destroy);
        }
    }

    /** The API answers 404 when none of the units is there any more, which is what was wanted. */
    private static void checkDestroyed(Response response) throws CtlException, IOException {
        byte[] answer = response.body().readAllBytes();
        if (response.status() != 404 || errorMessage(answer).isEmpty()) {
            check(response, answer);
        }
    }

    /** The moves that a rebalancing would make now. */
    List<UnitMove> plannedMoves() throws CtlException, IOException, InterruptedException {
        return moves("GET");
    }

    /** Has units moved from the fullest machines to the emptiest. */
    List<UnitMove> rebalance() throws CtlException, IOException, InterruptedException {
        return moves("PUT");
    }

    private List<UnitMove> moves(String method)
            throws CtlException, IOException, InterruptedException {
        try (Response response = hosts.send(method, BASE + "/rebalance", NO_BODY)) {
            return decode(response, response.body().readAllBytes(), JsonReader.ANSWERS::moves)
                    .items();
        }
    }

    /** Says that units are to leave the machine, or are welcome again. */
    void drain(Machine machine, boolean drained)
            throws CtlException, IOException, InterruptedException {
        String method = drained ? "PUT" : "DELETE";
        String target = BASE + "/machines/" + encode(machine.id()) + "/drain";
        try (Response response = hosts.send(method, target, NO_BODY)) {
            byte[] answer = response.body().readAllBytes();
            if (response.status() / 100 != 2) {
                throw CtlException.failed(
                        "Machine " + machine.id() + ": " + message(response, answer));
            }
        }
    }

    /**
     * A text that a unit's host tells: {@code status} or {@code journal} with its parameters. Close
     * it.
     */
    Response text(String name, String whatAndQuery, boolean follow)
            throws CtlException, IOException, InterruptedException {
        String target = BASE + "/units/" + encode(name) + "/" + whatAndQuery;
        Response response = follow ? hosts.follow(target) : hosts.send("GET", target, NO_BODY);
        if (response.status() == 200) {
            return response;
        }
        try (response) {
            byte[] answer = response.body().readAllBytes();
            throw failed(name, response, answer);
        }
    }

    /** The feed of what happens to these units. Close it. */
    Response watch(Collection<String> names) throws CtlException, IOException {
        // A longer list would not fit into a request line; the reader ignores what it did not ask
        // for.
        List<List<String>> parts = parts(names);
        String query = parts.size() == 1 ? query(parts.getFirst()) : "";
        Response response = hosts.follow(BASE + "/watch" + query);
        if (response.status() == 200) {
            return response;
        }
        try (response) {
            byte[] answer = response.body().readAllBytes();
            String message = message(response, answer);
            // A store that is away may be back soon; who may not speak for the cluster stays
            // silent.
            boolean barred =
                    response.status() == StoreAway.STATUS
                            && !StoreAway.isSaidBy(response.status(), answer);
            throw barred || response.status() / 100 == 4
                    ? CtlException.refused(response.status(), message)
                    : CtlException.failed(message);
        }
    }

    /** The host in use has fallen silent. */
    void giveUpOnHost() {
        hosts.giveUpOnChosen();
    }

    private <T> Optional<T> read(String path, Reader<T> reader)
            throws CtlException, IOException, InterruptedException {
        try (Response response = hosts.send("GET", BASE + path, NO_BODY)) {
            byte[] answer = response.body().readAllBytes();
            if (response.status() == 404) {
                return Optional.empty();
            }
            return Optional.of(decode(response, answer, reader));
        }
    }

    private <T> List<T> pages(String path, Reader<Page<T>> reader)
            throws CtlException, IOException, InterruptedException {
        var items = new ArrayList<T>();
        String token = "";
        do {
            char mark = path.indexOf('?') < 0 ? '?' : '&';
            String query = token.isEmpty() ? "" : mark + "nextPageToken=" + encode(token);
            try (Response response = hosts.send("GET", BASE + path + query, NO_BODY)) {
                var page = decode(response, response.body().readAllBytes(), reader);
                items.addAll(page.items());
                token = page.nextToken();
            }
        } while (!token.isEmpty());
        return items;
    }

    private static <T> T decode(Response response, byte[] answer, Reader<T> reader)
            throws CtlException {
        if (response.status() != 200) {
            throw CtlException.answered(response.status(), message(response, answer));
        }
        try {
            return reader.read(answer);
        } catch (SchemaException e) {
            throw CtlException.failed(
                    "the fleet API answered what is not its own: " + e.getMessage());
        }
    }

    private static CtlException failed(String unit, Response response, byte[] answer) {
        if (response.status() == 404) {
            return CtlException.failed("Unit " + unit + " does not exist");
        }
        String message = message(response, answer);
        String named = unit + ": ";
        return CtlException.failed(
                "Unit " + (message.startsWith(named) ? message : named + message));
    }

    /** An answer about many units, which begins with the name of one if it is about that one. */
    private static void check(Response response) throws CtlException, IOException {
        check(response, response.body().readAllBytes());
    }

    private static void check(Response response, byte[] answer) throws CtlException {
        if (response.status() / 100 != 2) {
            String message = message(response, answer);
            int end = message.indexOf(": ");
            boolean named = end > 0 && UnitName.parse(message.substring(0, end)).isPresent();
            throw CtlException.answered(response.status(), named ? "Unit " + message : message);
        }
    }

    private static String message(Response response, byte[] answer) {
        return errorMessage(answer)
                .orElse("the fleet API answered with status " + response.status());
    }

    /** What the API says of its error; empty: it was not the API that answered so. */
    private static Optional<String> errorMessage(byte[] answer) {
        try {
            return Optional.of(JsonReader.ANSWERS.errorMessage(answer));
        } catch (SchemaException e) {
            return Optional.empty();
        }
    }

    /** The names, each once, in as many parts as fit into a request line each. */
    private static List<List<String>> parts(Collection<String> names) {
        return QUERIES.of(new LinkedHashSet<>(names));
    }

    private static String query(Collection<String> names) {
        return names.stream().map(ApiClient::parameter).collect(Collectors.joining("&", "?", ""));
    }

    private static String parameter(String name) {
        return "unitName=" + encode(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
