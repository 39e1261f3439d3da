package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of v2 on members that run and die. */
class V2WatchTest {
    private static final Pattern VALUE = Pattern.compile("\"value\":\"(\\d+)\"");

    private static final Pattern EXPIRATION = Pattern.compile("\"expiration\":\"([^\"]+)\"");

    @TempDir Path directory;

    @Test
    void recursiveWatchesByIndexNeitherLoseNorRepeatAnEventThoughMembersDie() throws Exception {
        int writes = 300;
        try (var members = Members.ours(directory, 3, null).startAll()) {
            try (var first = V2Client.of(members.endpoint(0)).awaitServing()) {
                long from = first.put("/v2/keys/w/start", "value=x").index() + 1;
                var underWay = new CountDownLatch(1);
                var seen =
                        CompletableFuture.supplyAsync(
                                () -> follow(members, from, writes, underWay));
                underWay.await();
                try (var second = V2Client.of(members.endpoint(1)).awaitServing()) {
                    for (int i = 0; i < writes; i++) {
                        if (i == writes / 3) {
                            members.kill(2);
                        }
                        if (i == writes / 2) {
                            members.start(2);
                        }
                        putSurely(second, "/v2/keys/w/" + i % 7, i);
                    }
                }
                var expected = new ArrayList<Integer>();
                for (int i = 0; i < writes; i++) {
                    expected.add(i);
                }
                assertThat(seen.get(300, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
    }

    /** Writes until it is acknowledged; one that is in doubt was done or is done again. */
    private static void putSurely(V2Client client, String target, int value) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (client.put(target, "value=" + value).status() >= 300) {
            // A read is not ordered behind a write on its way; another write of this member is.
            surely(until, () -> client.put("/v2/keys/fence", "value=x"));
            var node = surely(until, () -> client.get(target + "?quorum=true"));
            if (node.body().contains("\"value\":\"" + value + "\"")) {
                return;
            }
            assertThat(System.nanoTime() - until).as(target + " is not written").isNegative();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Asks until the member says what is there, or that nothing is. */
    private static V2Client.Answer surely(long until, Callable<V2Client.Answer> request)
            throws Exception {
        while (true) {
            var answer = request.call();
            if (answer.status() < 300 || answer.status() == 404) {
                return answer;
            }
            assertThat(System.nanoTime() - until).as(answer.body()).isNegative();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Follows with the member that is killed and the others in turn, an event each time. */
    private static List<Integer> follow(
            Members members, long from, int count, CountDownLatch underWay) {
        var seen = new ArrayList<Integer>();
        long index = from;
        underWay.countDown();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(240);
        for (int turn = 0; seen.size() < count && System.nanoTime() - until < 0; turn++) {
            try (var client = V2Client.of(members.endpoint(turn % 3 == 0 ? 2 : turn % 2))) {
                for (int i = 0; i < 20 && seen.size() < count; i++) {
                    var event =
                            client.get("/v2/keys/w?wait=true&recursive=true&waitIndex=" + index);
                    var value = VALUE.matcher(event.body());
                    if (event.status() != 200 || !value.find()) {
                        break;
                    }
                    seen.add(Integer.parseInt(value.group(1)));
                    index = event.index() + 1;
                }
            } catch (IOException e) {
                // This member is away; another one goes on from the same index.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return seen;
            }
        }
        return seen;
    }

    @Test
    void streamsGoOnFromTheHistoryToWhatComes() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll();
                var client = V2Client.of(members.endpoint(0)).awaitServing()) {
            long from = client.put("/v2/keys/s/a", "value=1").index();
            client.put("/v2/keys/s/b", "value=2");
            client.put("/v2/keys/s/_hidden/x", "value=99");
            String watch = "/v2/keys/s?wait=true&recursive=true&stream=true&waitIndex=" + from;
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(client.open(watch), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).contains("\"set\"", "/s/a");
                assertThat(lines.readLine()).contains("\"set\"", "/s/b");
                client.put("/v2/keys/s/a?prevExist=true", "ttl=100&refresh=true");
                client.put("/v2/keys/elsewhere", "value=3");
                client.put("/v2/keys/s/c", "value=4");
                assertThat(lines.readLine()).contains("\"set\"", "/s/c");
                client.delete("/v2/keys/s?recursive=true");
                assertThat(lines.readLine()).contains("\"delete\"", "\"key\":\"/s\"");
            }
        }
    }

    @Test
    void theNewestThousandEventsOutliveARestartAndOlderOnesAreRefused() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll()) {
            long first;
            long last;
            try (var client = V2Client.of(members.endpoint(0)).awaitServing()) {
                first = client.put("/v2/keys/h", "value=0").index();
                for (int i = 1; i < 1000; i++) {
                    client.put("/v2/keys/h", "value=" + i);
                }
                assertThat(client.get("/v2/keys/h?wait=true&waitIndex=" + first).index())
                        .isEqualTo(first);
                last = client.put("/v2/keys/h", "value=1000").index();
            }
            members.kill(0);
            members.start(0);
            try (var client = V2Client.of(members.endpoint(0)).awaitServing()) {
                var refused = client.get("/v2/keys/h?wait=true&waitIndex=" + first);
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.body())
                        .isEqualTo(
                                ("{\"errorCode\":401,\"message\":\"The event in requested index is"
                                     + " outdated and cleared\",\"cause\":\"the requested history"
                                     + " has been cleared [%d/%d]\",\"index\":%d}\n")
                                        .formatted(first + 1, first, last));
                var second = client.get("/v2/keys/h?wait=true&waitIndex=" + (first + 1));
                assertThat(second.index()).isEqualTo(first + 1);
            }
        }
    }

    @Test
    void nodesEndWhenTheirTimeIsUpAndNotBecauseTheStoreWasAway() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll()) {
            long from;
            long fromBelow;
            Instant end;
            try (var client = V2Client.of(members.endpoint(0)).awaitServing()) {
                var told = client.put("/v2/keys/t", "value=x&ttl=8");
                from = told.index();
                end = expiration(told);
                client.put("/v2/keys/dir?dir=true", "ttl=10");
                fromBelow = client.put("/v2/keys/dir/in/it", "value=y").index();
                members.kill(0);
            }
            while (Instant.now().isBefore(end)) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            members.start(0);
            try (var client = V2Client.of(members.endpoint(0)).awaitServing()) {
                assertThat(client.get("/v2/keys/t").status()).isEqualTo(200);
                var ended = client.get("/v2/keys/t?wait=true&waitIndex=" + (from + 1));
                assertThat(ended.body())
                        .contains("\"action\":\"expire\"", "\"prevNode\":{", "\"value\":\"x\"");
                assertThat(client.get("/v2/keys/t").status()).isEqualTo(404);
                // Either may end first where both were due at the same time.
                var below = client.get("/v2/keys/dir/in/it?wait=true&waitIndex=" + (fromBelow + 1));
                assertThat(below.body()).contains("\"action\":\"expire\"", "\"key\":\"/dir\"");
                assertThat(client.get("/v2/keys/dir/in/it").status()).isEqualTo(404);
            }
        }
    }

    private static Instant expiration(V2Client.Answer answer) {
        var matcher = EXPIRATION.matcher(answer.body());
        assertThat(matcher.find()).as(answer.body()).isTrue();
        return Instant.parse(matcher.group(1));
    }
}
