package io.skerry.node.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.http.HttpListener;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.StoreAway;
import io.skerry.fleet.ctl.Endpoints;
import io.skerry.node.playground.HostNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of a cluster's hosts is asked, and whose answer counts. */
@Timeout(300)
class ClusterTest {
    private static final HttpReply UNIT =
            HttpReply.json(200, "{\"name\":\"a.service\"}".getBytes(StandardCharsets.UTF_8));
    private static final HttpReply AWAY = error(StoreAway.STATUS, StoreAway.MESSAGE);
    private static final HttpReply BARRED = error(StoreAway.STATUS, "machine id 1 is another's");
    private static final HttpReply REFUSED = error(403, "bob may not do this");

    /** Nothing listens there. */
    private static final ListenUrl NOBODY = new ListenUrl.Tcp("127.0.0.1", 1, false);

    private final Network network = Network.start(1);
    private final List<HttpListener> listeners = new ArrayList<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private static HttpReply error(int status, String message) {
        return HttpReply.json(status, JsonWriter.error(status, message));
    }

    @AfterEach
    void close() {
        listeners.forEach(HttpListener::close);
        network.close();
    }

    /** A host that gives one of the answers after the other, the last one for ever. */
    private ListenUrl host(String name, HttpReply... answers) throws IOException {
        Queue<HttpReply> left = new ConcurrentLinkedQueue<>(Arrays.asList(answers));
        var router =
                new HttpRouter()
                        .any(
                                "/{rest...}",
                                call -> {
                                    asked.add(name);
                                    HttpReply reply = left.size() > 1 ? left.poll() : left.peek();
                                    return reply == null ? HttpReply.empty(500) : reply;
                                });
        var listener =
                HttpListener.start(
                        network,
                        new ListenUrl.Tcp("127.0.0.1", 0, false),
                        HttpListener.Options.of(null, router));
        listeners.add(listener);
        return new ListenUrl.Tcp("127.0.0.1", listener.port(), false);
    }

    private static String get(ListenUrl... hosts) throws IOException {
        var endpoints = new Endpoints(List.of(hosts), null);
        try (var cluster = new Cluster(endpoints, new HostNames(Map.of()), Optional.empty());
                var response = cluster.get("units/a.service", false)) {
            return response.text();
        }
    }

    @Test
    void theFirstHostThatCanAnswerCounts() throws Exception {
        assertThat(get(NOBODY, host("first", BARRED), host("second", UNIT), host("third", UNIT)))
                .contains("a.service");
        assertThat(asked).containsExactly("first", "second");
    }

    @Test
    void aRefusalIsTheAnswerOfAllHosts() throws Exception {
        ListenUrl first = host("first", REFUSED);
        ListenUrl second = host("second", UNIT);

        assertThatThrownBy(() -> get(first, second)).hasMessage("bob may not do this");
        assertThat(asked).containsExactly("first");
    }

    @Test
    void allAreAskedAgainWhileTheStoreIsAway() throws Exception {
        assertThat(get(host("first", AWAY, UNIT), host("second", AWAY))).contains("a.service");
        assertThat(asked).containsExactly("first", "second", "first");
    }

    /** It is worth waiting for; what another host says may stay so. */
    @Test
    void aStoreThatIsAwayIsTheBetterReason() throws Exception {
        assertThat(get(host("first", AWAY, UNIT), host("second", BARRED), NOBODY))
                .contains("a.service");
        assertThat(asked).containsExactly("first", "second", "first");
    }

    @Test
    void aHostThatMayNotSpeakForTheClusterIsAskedOnce() throws Exception {
        ListenUrl only = host("only", BARRED);

        assertThatThrownBy(() -> get(only)).hasMessage("machine id 1 is another's");
        assertThat(asked).containsExactly("only");
    }
}
