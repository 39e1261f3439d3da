package io.skerry.flannel.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.Await;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that answer lists or nothing at all, whose watches never hear anything. */
class MutedMemberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration WATCH_PATIENCE = Duration.ofMillis(50);
    private static final String KEY = "/net/subnets/10.5.1.0-24";

    private final Muted first = new Muted("first");
    private final Muted second = new Muted("second");

    MutedMemberTest() throws IOException {}

    @AfterEach
    void stop() {
        first.server.stop(0);
        second.server.stop(0);
    }

    /** One that lists a single key, whose value is its name. */
    private static final class Muted {
        final HttpServer server;
        final AtomicInteger requests = new AtomicInteger();
        final AtomicInteger lists = new AtomicInteger();
        final AtomicInteger proofs = new AtomicInteger();
        volatile String index = "7";
        volatile String page = "";
        volatile boolean hangs;
        volatile boolean endsWatches;

        Muted(String name) throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> handle(exchange, name));
            server.start();
        }

        private void handle(HttpExchange exchange, String name) throws IOException {
            requests.incrementAndGet();
            String query = exchange.getRequestURI().getQuery();
            if (endsWatches && query.contains("wait=true")) {
                exchange.close();
                return;
            }
            if (hangs || query.contains("wait=true")) {
                return; // without a word, for ever
            }
            (query.contains("recursive=true") ? lists : proofs).incrementAndGet();
            String node =
                    "{\"action\":\"get\",\"node\":{\"key\":\""
                            + KEY
                            + "\",\"value\":\""
                            + name
                            + "\",\"createdIndex\":7,\"modifiedIndex\":7}}";
            byte[] body = (page.isEmpty() ? node : page).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Etcd-Index", index);
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }
    }

    private KeysApi api(Duration patience) throws Exception {
        return new KeysApi(
                new EtcdEndpoints(List.of(first.uri(), second.uri()), null, patience),
                SSLContext.getDefault(),
                WATCH_PATIENCE);
    }

    @Test
    void otherMembersAreLeftAloneWhileOneAnswers() throws Exception {
        var shown = new AtomicInteger();
        try (var api = api(PATIENCE);
                Mirror mirror = NodeMirror.start(api, KEY, _ -> shown.incrementAndGet())) {
            Await.until(mirror + " asks again", () -> first.proofs.get() >= 4);
            assertThat(first.lists.get()).as("it need not list again").isOne();
            assertThat(second.requests.get()).isZero();
            assertThat(shown.get()).as("nothing has changed").isOne();
        }
    }

    @Test
    void mirrorListsAnewWhereTheStoreHasAnotherPast() throws Exception {
        try (var api = api(PATIENCE);
                Mirror mirror = NodeMirror.start(api, KEY, _ -> {})) {
            Await.until(mirror + " asks again", () -> first.proofs.get() >= 1);
            first.index = "3"; // as one that was put back from a copy
            Await.until(mirror + " lists again", () -> first.lists.get() >= 2);
        }
    }

    @Test
    void watchesThatEndAtOnceAreBegunAgainAfterAPause() throws Exception {
        first.endsWatches = true;
        var store = new EtcdEndpoints(List.of(first.uri()), null, PATIENCE);
        long begun = System.nanoTime();
        try (var api = new KeysApi(store, SSLContext.getDefault(), PATIENCE);
                Mirror mirror = NodeMirror.start(api, KEY, _ -> {})) {
            Await.until(mirror + " asks again", () -> first.proofs.get() >= 4);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThanOrEqualTo(Duration.ofMillis(4 * 300));
    }

    @Test
    void mirrorLeavesAMemberThatHangs() throws Exception {
        var shown = new AtomicReference<Map<String, KeyValue>>(Map.of());
        try (var api = api(SHORT);
                Mirror mirror = NodeMirror.start(api, KEY, shown::set)) {
            Await.until(mirror + " shows something", () -> !text(shown).isEmpty());
            var member = text(shown).equals("first") ? first : second;
            member.hangs = true;
            String other = member == first ? "second" : "first";
            Await.until(mirror + " shows the other", () -> text(shown).equals(other));
        }
    }

    @Test
    void mirrorGoesOnAfterAFaultOfItsListener() throws Exception {
        first.index = "7, 7"; // as what stands between may write it
        var shown = new AtomicReference<Map<String, KeyValue>>(Map.of());
        var faulty = new AtomicBoolean(true);
        try (var api = api(PATIENCE);
                Mirror mirror =
                        NodeMirror.start(
                                api,
                                KEY,
                                entries -> {
                                    if (faulty.getAndSet(false)) {
                                        throw new IllegalStateException("a fault of the test");
                                    }
                                    shown.set(entries);
                                })) {
            Await.until(mirror + " shows it", () -> text(shown).equals("first"));
        }
    }

    @Test
    void ofAForeignPageOnlyTheBeginningIsTold() throws Exception {
        first.page = "<html>" + "x".repeat(1_000) + "\n</html>";
        second.page = "<html>\n<p>here</p></html>";
        try (var api = api(PATIENCE)) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> api.get("/x"))
                    .withMessageContaining("answers 200 <html>" + "x".repeat(194) + "…;")
                    .withMessageEndingWith("answers 200 <html>");
        }
    }

    private static String text(AtomicReference<Map<String, KeyValue>> shown) {
        return shown.get().values().stream().map(KeyValue::text).findFirst().orElse("");
    }
}
