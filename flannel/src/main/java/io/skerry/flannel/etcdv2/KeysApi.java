package io.skerry.flannel.etcdv2;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdUser;
import io.skerry.flannel.subnet.StoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * etcd's v2 keys API over HTTP. Each request goes to the endpoint that answered last, and then from
 * one to the next. A write whose answer was lost may so be made and yet be refused when it is sent
 * again; who writes on a condition reads then what there is. Thread-safe.
 */
public final class KeysApi implements AutoCloseable {
    private static final Log LOG = Log.of(KeysApi.class);

    /** A watch that hears nothing may be at a member that hangs. */
    private static final Duration WATCH_PATIENCE = Duration.ofSeconds(30);

    /** One who ends each watch at once, as a proxy may, is not to be asked without a pause. */
    private static final long PAUSE_AFTER_BROKEN_WATCH_MILLIS = 300;

    private static final int THREADS = 2;

    /** Characters of an answer that is none of the API's. */
    private static final int MOST_TOLD = 200;

    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    private final List<String> endpoints;
    private final Duration patience;
    private final Duration watchPatience;
    private final @Nullable String authorization;
    private final ThreadPoolExecutor threads;
    private final HttpClient http;

    /** Who answered last. */
    private volatile int preferred;

    /**
     * Connects to nobody yet.
     *
     * @param store each of its URLs http or https; its request timeout is that of one endpoint
     * @param tls for https
     */
    public KeysApi(EtcdEndpoints store, SSLContext tls) {
        this(store, tls, WATCH_PATIENCE);
    }

    /** One that gives up a watch that hears nothing after another time. */
    KeysApi(EtcdEndpoints store, SSLContext tls, Duration watchPatience) {
        this.watchPatience = watchPatience;
        EtcdUser user = store.user();
        this.endpoints =
                store.uris().stream().map(uri -> uri.toString().replaceFirst("/+$", "")).toList();
        this.patience = store.requestTimeout();
        this.authorization = user == null ? null : basic(user);
        // Started now, so that all connections begin in the network namespace of this thread.
        this.threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("flannel-v2-", 0).factory());
        threads.prestartAllCoreThreads();
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(threads)
                        .connectTimeout(patience)
                        .sslContext(tls)
                        .build();
    }

    private static String basic(EtcdUser user) {
        byte[] words = (user.name() + ":" + user.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(words);
    }

    /** The latest of a node and all that is below it. */
    Answer get(String key) throws StoreException, InterruptedException {
        return ask("GET", target(key) + "?recursive=true&quorum=true", "");
    }

    /**
     * Creates a node that must not be there yet.
     *
     * @param ttl zero: it stays
     */
    Answer create(String key, String value, Duration ttl)
            throws StoreException, InterruptedException {
        return ask("PUT", target(key) + "?prevExist=false", form(value, ttl));
    }

    /** Changes a node that must be of an index still. */
    Answer swap(String key, String value, Duration ttl, long index)
            throws StoreException, InterruptedException {
        return ask("PUT", target(key) + "?prevIndex=" + index, form(value, ttl));
    }

    /**
     * Deletes a node, whoever changed it last: the original's watches stumble for good over a
     * deletion with a condition.
     */
    Answer delete(String key) throws StoreException, InterruptedException {
        return ask("DELETE", target(key), "");
    }

    /** How a wait for an event ended. */
    sealed interface Awaited {
        /** By an event, or a refusal to wait. */
        record Heard(Answer answer) implements Awaited {}

        /**
         * The member was silent for a while or has ended the watch, as one does that stops.
         *
         * @param member who was asked
         * @param index of the store when the watch began, before which there was no event; 0: the
         *     member has not said it
         */
        record Quiet(int member, long index) implements Awaited {}
    }

    /** Waits for the first event at or below a key, at the member that answered last. */
    Awaited await(String key, long index) throws InterruptedException {
        int asked = preferred;
        var begun = new AtomicLong();
        var request = request(asked, target(key) + "?recursive=true&wait=true&waitIndex=" + index);
        try {
            return new Awaited.Heard(answer(exchange(request.build(), begun::set, watchPatience)));
        } catch (TimeoutException e) {
            return new Awaited.Quiet(asked, begun.get());
        } catch (IOException e) {
            LOG.debug("watch is over", "member", endpoints.get(asked), "cause", reason(e));
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_BROKEN_WATCH_MILLIS);
            return new Awaited.Quiet(asked, begun.get());
        }
    }

    /**
     * A member that has the store's majority, and the index of the store when it answered.
     *
     * @param index 0: it has not said it
     */
    record Reached(int member, long index) {}

    /** Asks for what is not there: the answer is small, and has gone through the store's log. */
    Reached reach(String key) throws StoreException, InterruptedException {
        Answer answer = ask("GET", target(key) + "/skerry-reaches?quorum=true", "");
        return new Reached(preferred, answer.index());
    }

    private Answer ask(String method, String target, String form)
            throws StoreException, InterruptedException {
        var failures = new ArrayList<String>();
        int first = preferred;
        for (int turn = 0; turn < endpoints.size(); turn++) {
            int asked = (first + turn) % endpoints.size();
            HttpRequest.Builder request = request(asked, target);
            request =
                    form.isEmpty()
                            ? request.method(method, HttpRequest.BodyPublishers.noBody())
                            : request.method(method, HttpRequest.BodyPublishers.ofString(form))
                                    .header("Content-Type", "application/x-www-form-urlencoded");
            try {
                Answer answer = answer(exchange(request.build(), _ -> {}, patience));
                preferred = asked;
                return answer;
            } catch (TimeoutException e) {
                failures.add(endpoints.get(asked) + ": no answer in time");
            } catch (IOException e) {
                failures.add(endpoints.get(asked) + ": " + reason(e));
            }
        }
        throw new StoreException("no member of the store answers: " + String.join("; ", failures));
    }

    private HttpRequest.Builder request(int endpoint, String target) {
        var request = HttpRequest.newBuilder(URI.create(endpoints.get(endpoint) + target));
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    /**
     * The answer to a request.
     *
     * @param begun gets the store's index as soon as the answer begins, which a watch's does long
     *     before its end
     */
    private HttpResponse<String> exchange(HttpRequest request, LongConsumer begun, Duration limit)
            throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<String>> response =
                http.sendAsync(
                        request,
                        head -> {
                            Answer.index(head.headers()).ifPresent(begun);
                            return HttpResponse.BodyHandlers.ofString().apply(head);
                        });
        try {
            return response.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e);
        } finally {
            response.cancel(true); // unless it is there
        }
    }

    private static Answer answer(HttpResponse<String> response) throws IOException {
        Optional<Answer> answer =
                response.statusCode() < SERVER_ERROR ? Answer.of(response) : Optional.empty();
        return answer.orElseThrow(() ->
                new IOException(
                        "answers "
                                + response.statusCode()
                                + " "
                                + beginning(response.body())
                                + (response.statusCode() == NOT_FOUND
                                        ? ": this is no v2 API of etcd, which etcd 3.4 and 3.5"
                                                + " serve with --enable-v2=true only"
                                        : "")));
    }

    /** Enough to know a foreign server's page by. */
    private static String beginning(String body) {
        String line = body.strip().lines().findFirst().orElse("");
        return line.length() > MOST_TOLD ? line.substring(0, MOST_TOLD) + "…" : line;
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        // The JDK says nothing about a connection that is refused.
        return message != null
                ? message
                : e instanceof ConnectException
                        ? "cannot be connected to"
                        : e.getClass().getSimpleName();
    }

    private static String target(String key) {
        return Arrays.stream(key.split("/", -1))
                .filter(part -> !part.isEmpty())
                .map(part -> "/" + encoded(part))
                .collect(Collectors.joining("", "/v2/keys", ""));
    }

    private static String form(String value, Duration ttl) {
        return "value=" + encoded(value) + (ttl.isZero() ? "" : "&ttl=" + ttl.toSeconds());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdown();
    }
}
