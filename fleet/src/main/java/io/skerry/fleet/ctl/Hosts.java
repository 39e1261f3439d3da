package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.fleet.api.schema.StoreAway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that serve the API, of which one that answers is used for all requests.
 *
 * <p>Which one that is shows at the first request, if it only reads: the second host is asked as
 * well when the first has not answered for a moment, and so on, and the first answer counts. So a
 * dead host costs a moment and not a timeout. Later requests go to that host, and one after the
 * other to the rest when it fails. Repeating is safe because every request of the API says what
 * shall be and not what to do.
 */
final class Hosts implements AutoCloseable {
    private static final Duration HEAD_START = Duration.ofMillis(400);
    private static final int UNAVAILABLE = StoreAway.STATUS;

    /** For how long the store may be away, as it is while it elects a leader. */
    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(10);

    /** Before the store is asked again for the first time; then twice as long each time. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(800);

    private record Host(ListenUrl url, BlockingHttp http) {}

    private sealed interface Answer {}

    private record Answered(Host host, Response response) implements Answer {}

    private record Failed(Host host, String why) implements Answer {}

    private final List<Host> hosts = new ArrayList<>();
    private final Duration timeout;
    private final Debug debug;
    private final @Nullable String token;
    private volatile @Nullable Host chosen;

    /**
     * Nobody is asked yet.
     *
     * @param ways sockets of this machine that lead to hosts; others are reached directly
     */
    Hosts(
            Endpoints endpoints,
            Map<ListenUrl, Path> ways,
            Duration connectTimeout,
            Duration timeout,
            Debug debug)
            throws IOException {
        for (ListenUrl url : endpoints.urls()) {
            BlockingHttp http = client(url, endpoints, connectTimeout, timeout);
            Path way = ways.get(url);
            hosts.add(new Host(url, way == null ? http : http.through(way)));
        }
        this.timeout = timeout;
        this.token = endpoints.access().token();
        this.debug = debug;
    }

    private static BlockingHttp client(
            ListenUrl url, Endpoints endpoints, Duration connectTimeout, Duration timeout)
            throws IOException {
        Path authority = endpoints.access().authority();
        boolean tls = url instanceof ListenUrl.Tcp tcp && tcp.tls();
        return tls && endpoints.tls() == null && authority != null
                ? BlockingHttp.reusingOver(
                        url,
                        TlsIdentity.clientContext(null, authority, true),
                        connectTimeout,
                        timeout)
                : BlockingHttp.reusing(url, endpoints.tls(), connectTimeout, timeout);
    }

    /**
     * Sends a request to a host that answers, again and again for as long as the store may be away.
     * The response may have any status.
     */
    Response send(String method, String target, byte[] body)
            throws IOException, InterruptedException, CtlException {
        return send(method, target, body, false);
    }

    /** As the other one, for an answer that may come bit by bit and pause for any time. */
    Response sendAndFollow(String method, String target, byte[] body)
            throws IOException, InterruptedException, CtlException {
        return send(method, target, body, true);
    }

    private Response send(String method, String target, byte[] body, boolean follow)
            throws IOException, InterruptedException, CtlException {
        Duration limit = timeout.compareTo(LONGEST_ABSENCE) < 0 ? timeout : LONGEST_ABSENCE;
        long end = System.nanoTime() + limit.toNanos();
        long pause = FIRST_PAUSE.toNanos();
        while (true) {
            Response response = sendOnce(method, target, body, follow);
            long left = end - System.nanoTime();
            if (!isStoreAway(response) || left <= 0) {
                return response;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(pause, left));
            pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        }
    }

    private Response sendOnce(String method, String target, byte[] body, boolean follow)
            throws IOException, InterruptedException, CtlException {
        if (chosen == null && hosts.size() > 1 && method.equals("GET")) {
            return race(target);
        }
        return inTurn(method, target, body, follow);
    }

    /** As {@link #sendAndFollow}, but only once, while the store is away as well. */
    Response follow(String target) throws IOException, CtlException {
        return inTurn("GET", target, new byte[0], true);
    }

    /** The host in use has fallen silent: the next request begins with another one. */
    void giveUpOnChosen() {
        Host silent = chosen;
        if (silent != null) {
            chosen = hosts.get((hosts.indexOf(silent) + 1) % hosts.size());
        }
    }

    @Override
    public void close() {
        hosts.forEach(host -> host.http().close());
    }

    /** What the hosts have said so far to one request. */
    private final class Sayings {
        private final Map<ListenUrl, String> failures = new LinkedHashMap<>();
        private @Nullable Response unavailable;

        /** Whether no other host needs to be asked; then this one is used from now on. */
        boolean settledBy(Host host, Response response) throws IOException {
            if (response.status() != UNAVAILABLE) {
                chosen = host;
                return true;
            }
            // That the store is away is worth waiting for; another reason may stay.
            if (unavailable == null || !isStoreAway(unavailable)) {
                unavailable = response;
            }
            return false;
        }

        void failed(Host host, String why) {
            failures.putIfAbsent(host.url(), why);
        }

        /** When all have been asked and none has settled it. */
        Response unavailable() throws CtlException {
            if (unavailable == null) {
                throw nobody(failures);
            }
            return unavailable;
        }
    }

    private Response inTurn(String method, String target, byte[] body, boolean follow)
            throws IOException, CtlException {
        var sayings = new Sayings();
        for (Host host : order()) {
            try {
                Response response = ask(host, method, target, body, follow);
                if (sayings.settledBy(host, response)) {
                    return response;
                }
            } catch (IOException e) {
                sayings.failed(host, words(e));
            }
        }
        return sayings.unavailable();
    }

    private List<Host> order() {
        var order = new ArrayList<>(hosts);
        Host first = chosen;
        if (first != null) {
            order.remove(first);
            order.addFirst(first);
        }
        return order;
    }

    private static boolean isStoreAway(Response response) throws IOException {
        if (response.status() != UNAVAILABLE) {
            return false;
        }
        byte[] body = response.body().readAllBytes();
        response.body().reset();
        return StoreAway.isSaidBy(response.status(), body);
    }

    /** Reads the body, so that its connection is free and it can be read more than once. */
    private static Response whole(Response response) throws IOException {
        try (response) {
            return new Response(
                    response.status(),
                    response.headers(),
                    new ByteArrayInputStream(response.body().readAllBytes()));
        }
    }

    private Response race(String target) throws IOException, InterruptedException, CtlException {
        var answers = new LinkedBlockingQueue<Answer>();
        var sayings = new Sayings();
        long end = System.nanoTime() + timeout.toNanos() + HEAD_START.toNanos() * hosts.size();
        int asked = 0;
        int answered = 0;
        try {
            while (answered < hosts.size() && System.nanoTime() < end) {
                if (asked < hosts.size()) {
                    Host host = hosts.get(asked++);
                    var _ =
                            Background.start(
                                    "first-request", () -> answers.add(attempt(host, target)));
                }
                long wait = asked < hosts.size() ? HEAD_START.toNanos() : end - System.nanoTime();
                Answer answer = answers.poll(wait, TimeUnit.NANOSECONDS);
                if (answer == null) {
                    continue;
                }
                answered++;
                switch (answer) {
                    case Failed(Host host, String why) -> sayings.failed(host, why);
                    case Answered(Host host, Response response) -> {
                        if (sayings.settledBy(host, response)) {
                            return response;
                        }
                    }
                }
            }
        } finally {
            closeRest(answers, asked - answered);
        }
        for (Host host : hosts) {
            sayings.failed(host, "no answer within " + timeout.toMillis() + " ms");
        }
        return sayings.unavailable();
    }

    private Answer attempt(Host host, String target) {
        try {
            return new Answered(host, ask(host, "GET", target, new byte[0], false));
        } catch (IOException e) {
            return new Failed(host, words(e));
        }
    }

    /** Answers that come too late still hold a connection. */
    private static void closeRest(LinkedBlockingQueue<Answer> answers, int outstanding) {
        if (outstanding == 0) {
            return;
        }
        var _ =
                Background.start(
                        "late-answers",
                        () -> {
                            for (int i = 0; i < outstanding; i++) {
                                try {
                                    if (answers.take() instanceof Answered(var _, var late)) {
                                        late.close();
                                    }
                                } catch (IOException | InterruptedException e) {
                                    return; // the process is about to end anyway
                                }
                            }
                        });
    }

    private Response ask(Host host, String method, String target, byte[] body, boolean follow)
            throws IOException {
        long start = System.nanoTime();
        var headers = new HashMap<String, String>();
        if (body.length > 0) {
            headers.put("content-type", "application/json");
        }
        if (token != null) {
            headers.put("authorization", "Bearer " + token);
        }
        try {
            Response response =
                    follow
                            ? host.http().follow(method, target, headers, body)
                            : host.http().send(method, target, headers, body);
            tell(host, method, target, String.valueOf(response.status()), start);
            return response.status() == UNAVAILABLE ? whole(response) : response;
        } catch (IOException e) {
            tell(host, method, target, words(e), start);
            throw e;
        }
    }

    private void tell(Host host, String method, String target, String outcome, long start) {
        long millis = (System.nanoTime() - start) / 1_000_000;
        debug.tell(method + " " + host.url() + target + ": " + outcome + ", " + millis + " ms");
    }

    private static CtlException nobody(Map<ListenUrl, String> failures) {
        var tried = new ArrayList<String>();
        failures.forEach((url, why) ->
                tried.add(
                        url
                                + " ("
                                + why.replace("cannot reach " + url + ": ", "")
                                        .replace("request to " + url + " failed: ", "")
                                + ")"));
        return CtlException.failed(
                "no host answers for the fleet API: "
                        + String.join(", ", tried)
                        + "; is the cluster up, and is --endpoint right?");
    }

    private static String words(IOException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }
}
