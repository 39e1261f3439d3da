package io.skerry.etcd.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.etcd.server.Seeds;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
    private static final WatchOptions PLAIN = new WatchOptions(false, false, false, false, false);

    @TempDir Path directory;
    private EtcdStateMachine store;
    private WatchHub hub;
    private final List<Change> all = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        store =
                EtcdStateMachine.open(
                        Files.createTempDirectory(directory, "store").resolve("store"),
                        StoreOptions.DEFAULT);
        hub = hub(Duration.ofHours(1));
        store.listen(
                new ApplyListener() {
                    @Override
                    public void applied(List<Change> changes, long revision) {
                        all.addAll(changes);
                        hub.applied(changes, revision);
                    }

                    @Override
                    public void replaced(long revision) {
                        hub.replaced(revision);
                    }

                    @Override
                    public void leaseGranted(Lease lease) {}

                    @Override
                    public void leaseRevoked(long id) {}

                    @Override
                    public void leadership(long term, boolean leader) {}
                });
    }

    private WatchHub hub(Duration progressInterval) {
        return hub(progressInterval, store.revision());
    }

    private WatchHub hub(Duration progressInterval, long told) {
        return new WatchHub(
                store::view,
                revision ->
                        ResponseHeader.newBuilder().setRevision(revision).build().toByteString(),
                progressInterval,
                told);
    }

    @AfterEach
    void close() throws Exception {
        hub.close();
        store.close();
    }

    @Test
    void everyWatcherGetsItsEventsInOrderOnceAndEachRevisionWhole() {
        Seeds.each(5, this::randomLoad);
    }

    private record Watching(
            RecordingClient client, WatchStream stream, long id, KeyRange range, long start) {}

    private void randomLoad(Random random) throws Exception {
        var watching = new ArrayList<Watching>();
        for (int step = 0; step < 400; step++) {
            if (random.nextInt(10) == 0) {
                watch(random, watching);
            }
            if (!watching.isEmpty() && random.nextInt(5) == 0) {
                var client = watching.get(random.nextInt(watching.size())).client();
                if (random.nextBoolean()) {
                    client.stall();
                } else {
                    client.goOn();
                }
            }
            apply(randomCommands(random));
        }
        for (var one : watching) {
            one.client().goOn();
            var expected = all.stream().filter(change -> concerns(one, change)).toList();
            var responses =
                    told(
                            one,
                            one.client()
                                    .await(received ->
                                            events(told(one, received)).size() >= expected.size()));
            assertThat(events(responses).stream().map(WatchTest::describe).toList())
                    .isEqualTo(expected.stream().map(WatchTest::describe).toList());
            assertRevisionsAreWhole(responses);
        }
        watching.forEach(one -> one.stream().close());
    }

    private static List<WatchResponse> told(Watching one, List<WatchResponse> received) {
        return received.stream().filter(response -> response.getWatchId() == one.id()).toList();
    }

    /**
     * Starts a stream with a few watches; some want the same, from the same revision or another.
     */
    private void watch(Random random, List<Watching> watching) {
        var client = new RecordingClient();
        var stream = hub.open(client);
        var range = range(random);
        long start = start(random);
        for (int id = random.nextInt(4); id >= 0; id--) {
            range = random.nextInt(4) == 0 ? range(random) : range;
            start = random.nextInt(4) == 0 ? start(random) : start;
            stream.create(range, id, start, PLAIN);
            watching.add(new Watching(client, stream, id, range, start));
        }
    }

    private long start(Random random) {
        return 2 + random.nextLong(store.revision() + 3);
    }

    private static KeyRange range(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> KeyRange.of(key(random), ByteString.EMPTY);
            case 1 -> KeyRange.of(key(random), ByteString.copyFrom(new byte[1]));
            default -> KeyRange.of(bytes("k"), bytes("l"));
        };
    }

    private static boolean concerns(Watching one, Change change) {
        return change.revision() >= one.start() && one.range().contains(change.key());
    }

    private static void assertRevisionsAreWhole(List<WatchResponse> responses) {
        var seen = new HashSet<Long>();
        for (var response : responses) {
            var here = new HashSet<Long>();
            response.getEventsList().forEach(event -> here.add(event.getKv().getModRevision()));
            assertThat(Collections.disjoint(seen, here)).isTrue();
            seen.addAll(here);
            here.forEach(revision ->
                    assertThat(revision).isLessThanOrEqualTo(response.getHeader().getRevision()));
        }
    }

    @Test
    void whatNobodyWatchedWaitsForNobodyAndIsThereForWhoComesLater() throws Exception {
        apply(List.of(put("k", "1")));
        assertThat(hub.counts().pendingChanges()).isZero();
        apply(List.of(put("k", "2")));
        var client = new RecordingClient();

        hub.open(client).create(KeyRange.of(bytes("k"), ByteString.EMPTY), 0, 2, PLAIN);
        apply(List.of(put("k", "3")));

        var events = events(client.await(received -> events(received).size() >= 3));
        assertThat(events.stream().map(event -> event.getKv().getValue().toStringUtf8()))
                .containsExactly("1", "2", "3");
    }

    @Test
    void compactedStartIsCanceledWithTheCompactRevision() throws Exception {
        for (int i = 0; i < 5; i++) {
            apply(List.of(put("k", "v" + i)));
        }
        apply(List.of(new Command.Compact(CompactionRequest.newBuilder().setRevision(4).build())));
        var client = new RecordingClient();
        hub.open(client).create(KeyRange.of(bytes("k"), ByteString.EMPTY), 0, 3, PLAIN);
        var responses = client.await(received -> received.size() == 2);
        assertThat(responses.get(0).getCreated()).isTrue();
        assertThat(responses.get(1).getCanceled()).isTrue();
        assertThat(responses.get(1).getCompactRevision()).isEqualTo(4);
        assertThat(responses.get(1).getHeader().getRevision()).isZero();
    }

    @Test
    void compactedStartIsCanceledAlsoWhileTheDispatcherIsFarBehind() throws Exception {
        for (int i = 0; i < 5; i++) {
            apply(List.of(put("k", "v" + i)));
        }
        apply(List.of(new Command.Compact(CompactionRequest.newBuilder().setRevision(4).build())));
        hub.close();
        // As if it had been told nothing of all that yet.
        hub = hub(Duration.ofHours(1), 1);
        var client = new RecordingClient();
        hub.open(client).create(KeyRange.of(bytes("k"), ByteString.EMPTY), 0, 3, PLAIN);
        var responses = client.await(received -> received.size() == 2);
        assertThat(responses.get(1).getCanceled()).isTrue();
        assertThat(responses.get(1).getCompactRevision()).isEqualTo(4);
    }

    @Test
    void progressIsToldOnlyWhenEveryWatchOfTheStreamIsUpToDate() throws Exception {
        var other = new RecordingClient();
        hub.open(other).create(KeyRange.of(bytes("k"), ByteString.EMPTY), 0, 0, PLAIN);
        apply(List.of(put("k", "1")));
        var _ = other.await(received -> !events(received).isEmpty());
        var client = new RecordingClient();
        client.stall();
        var stream = hub.open(client);
        stream.create(KeyRange.of(bytes("k"), ByteString.EMPTY), 0, 2, PLAIN);
        stream.requestProgress();
        assertThat(client.await(received -> !received.isEmpty())).hasSize(1);
        client.goOn();
        var responses = client.await(received -> received.size() == 3);
        assertThat(responses.get(1).getEventsCount()).isEqualTo(1);
        assertThat(responses.get(2).getWatchId()).isEqualTo(-1);
        assertThat(responses.get(2).getHeader().getRevision()).isEqualTo(2);
    }

    @Test
    void quietWatchIsToldTheRevisionNowAndThen() throws Exception {
        hub.close();
        hub = hub(Duration.ofMillis(20));
        var client = new RecordingClient();
        hub.open(client)
                .create(
                        KeyRange.of(bytes("k"), ByteString.EMPTY),
                        7,
                        0,
                        new WatchOptions(false, false, false, true, false));
        apply(List.of(put("other", "1")));
        var responses =
                client.await(received ->
                        received.stream().anyMatch(r -> !r.getCreated() && revision(r) == 2));
        assertThat(responses.getLast().getWatchId()).isEqualTo(7);
        assertThat(events(responses)).isEmpty();
    }

    @Test
    void filtersAndPreviousVersionsAreKeptTo() throws Exception {
        var client = new RecordingClient();
        hub.open(client)
                .create(
                        KeyRange.of(bytes("k"), ByteString.EMPTY),
                        0,
                        0,
                        new WatchOptions(true, false, true, false, false));
        apply(List.of(put("k", "1"), put("k", "2")));
        apply(
                List.of(
                        new Command.DeleteRange(
                                DeleteRangeRequest.newBuilder().setKey(bytes("k")).build())));
        var events = events(client.await(received -> !events(received).isEmpty()));
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getType()).isEqualTo(Event.EventType.DELETE);
        assertThat(events.getFirst().getPrevKv().getValue()).isEqualTo(bytes("2"));
        assertThat(events.getFirst().getKv().getModRevision()).isEqualTo(4);
    }

    @Test
    void whatWasAppliedBeforeTheDispatcherCameIsToldTogether() throws Exception {
        hub.close();
        hub = hubWithoutThreads();
        var client = new RecordingClient();
        var stream = hub.open(client);
        var key = KeyRange.of(bytes("k"), ByteString.EMPTY);
        stream.create(key, 7, 0, PLAIN);
        stream.create(key, 8, 4, PLAIN);
        apply(List.of(put("k", "1")));
        apply(List.of(put("k", "2")));
        apply(List.of(put("k", "3")));

        assertThat(hub.dispatchNext()).isTrue();

        assertThat(hub.dispatchNext()).isFalse();
        var told = client.await(received -> received.size() == 4).subList(2, 4);
        assertThat(told.stream().map(WatchResponse::getWatchId).toList()).containsExactly(7L, 8L);
        assertThat(told.stream().map(WatchTest::revision).toList()).containsExactly(4L, 4L);
        assertThat(told.get(0).getEventsList().stream().map(WatchTest::describe).toList())
                .containsExactly("PUT k@2=1", "PUT k@3=2", "PUT k@4=3");
        assertThat(told.get(1).getEventsList().stream().map(WatchTest::describe).toList())
                .containsExactly("PUT k@4=3");
    }

    @Test
    void whatManyLateWatchesLackIsReadAndJoinedOnceForAll() throws Exception {
        hub.close();
        hub = hubWithoutThreads();
        var client = new RecordingClient();
        var stream = hub.open(client);
        var key = KeyRange.of(bytes("k"), ByteString.EMPTY);
        for (int i = 0; i < 3; i++) {
            stream.create(key, 7 + i, 0, PLAIN);
        }
        client.stall();
        // Two turns of the pump for each watch, and each watch is a send of its own.
        String large = "x".repeat(200_000);
        for (int i = 0; i < 4; i++) {
            apply(List.of(put("k", large)));
        }
        assertThat(hub.dispatchNext()).isTrue();
        assertThat(hub.counts().late()).isEqualTo(3);

        client.goOn();

        assertThat(hub.counts().late()).isZero();
        var told = client.await(received -> received.size() == 9).subList(3, 9);
        assertThat(told.stream().map(WatchResponse::getWatchId).toList())
                .containsExactly(7L, 8L, 9L, 7L, 8L, 9L);
        assertThat(told.stream().map(WatchTest::revision).toList())
                .containsExactly(3L, 3L, 3L, 5L, 5L, 5L);
        var parts = client.parts();
        assertThat(parts).hasSize(6);
        assertThat(parts.subList(0, 3)).allSatisfy(part -> assertThat(part).isSameAs(parts.get(0)));
        assertThat(parts.subList(3, 6)).allSatisfy(part -> assertThat(part).isSameAs(parts.get(3)));
    }

    @Test
    void whatWasReadForLateWatchesIsForgottenWithTheLastOfThem() throws Exception {
        hub.close();
        hub = hubWithoutThreads();
        var client = new RecordingClient();
        var stream = hub.open(client);
        var key = KeyRange.of(bytes("k"), ByteString.EMPTY);
        stream.create(key, 7, 0, PLAIN);
        stream.create(key, 8, 0, PLAIN);
        client.stall();
        String large = "x".repeat(200_000);
        apply(List.of(put("k", large)));
        apply(List.of(put("k", large)));
        assertThat(hub.dispatchNext()).isTrue();
        client.goOnOnce();
        assertThat(hub.counts().late()).isEqualTo(1);
        assertThat(stream.remembers()).isTrue();

        stream.cancel(8);

        assertThat(hub.counts().late()).isZero();
        assertThat(stream.remembers()).isFalse();
    }

    private WatchHub hubWithoutThreads() {
        return new WatchHub(
                store::view,
                revision ->
                        ResponseHeader.newBuilder().setRevision(revision).build().toByteString(),
                store.revision(),
                Runnable::run);
    }

    private static long revision(WatchResponse response) {
        return response.getHeader().getRevision();
    }

    private static List<Event> events(List<WatchResponse> responses) {
        return responses.stream().flatMap(r -> r.getEventsList().stream()).toList();
    }

    private static String describe(Event event) {
        return event.getType()
                + " "
                + event.getKv().getKey().toStringUtf8()
                + "@"
                + event.getKv().getModRevision()
                + "="
                + event.getKv().getValue().toStringUtf8();
    }

    private static String describe(Change change) {
        var now = change.now();
        return (now == null ? "DELETE" : "PUT")
                + " "
                + ByteString.copyFrom(change.key()).toStringUtf8()
                + "@"
                + change.revision()
                + "="
                + (now == null ? "" : ByteString.copyFrom(now.value()).toStringUtf8());
    }

    private void apply(List<Command> commands) {
        store.apply(store.appliedIndex() + 1, 1, commands.stream().map(Command::encode).toList());
    }

    private static List<Command> randomCommands(Random random) {
        var commands = new ArrayList<Command>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            commands.add(
                    random.nextInt(4) == 0
                            ? new Command.DeleteRange(
                                    DeleteRangeRequest.newBuilder()
                                            .setKey(key(random))
                                            .setRangeEnd(key(random))
                                            .build())
                            : new Command.Put(
                                    PutRequest.newBuilder()
                                            .setKey(key(random))
                                            .setValue(bytes(Integer.toString(random.nextInt())))
                                            .build()));
        }
        return commands;
    }

    private static Command put(String key, String value) {
        return new Command.Put(
                PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build());
    }

    private static ByteString key(Random random) {
        return bytes("k" + random.nextInt(12));
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
