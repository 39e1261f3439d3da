package io.skerry.etcd.server.mvcc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space is given back in small steps, whatever shares a commit with what stays. */
class RegroupTest {
    private static final int KEYS = 20_000;
    private static final int COMMIT_BYTES = 8 << 20;
    private static final int STEP_BYTES = 1 << 20;
    private static final byte[] VALUE = new byte[300];

    private final ReentrantLock writing = new ReentrantLock();
    private final Random random = new Random(1);

    /** The events that remain, by revision. */
    private final TreeMap<Long, Integer> left = new TreeMap<>();

    private long revision;

    @TempDir Path directory;

    @Test
    void fileShrinksToWhatItHoldsAndLosesNothing() throws Exception {
        Path file = directory.resolve("db");
        try (Engine engine = MvStoreEngine.open(file, 8, Set.of("events"))) {
            overwriteAll(engine, 3);
            compact(engine);
            long before = engine.fileBytes();

            giveBack(engine);

            assertThat(engine.fileBytes()).isLessThan(before / 2);
            assertThatAllIsThere(engine);
            engine.sync();
        }
        try (Engine engine = MvStoreEngine.open(file, 8, Set.of("events"))) {
            assertThatAllIsThere(engine);
        }
    }

    @Test
    void nothingIsRewrittenWhereAllIsInUse() throws Exception {
        try (Engine engine = MvStoreEngine.open(directory.resolve("db"), 8, Set.of("events"))) {
            OrderedMap events = engine.map("events");
            for (long i = 0; i < KEYS; i++) {
                events.append(bytes(i), VALUE);
            }
            engine.commit(() -> {});
            assertThat(engine.regroup(STEP_BYTES, writing)).isFalse();
        }
    }

    @Test
    void aMapThatIsOpenedAgainIsTheSame() throws Exception {
        try (Engine engine = MvStoreEngine.open(directory.resolve("db"), 8, Set.of("events"))) {
            assertThat(engine.map("events")).isSameAs(engine.map("events"));
        }
    }

    @Test
    void aSnapshotReadsOnWhileItsPagesAreWrittenAnew() throws Exception {
        try (Engine engine = MvStoreEngine.open(directory.resolve("db"), 8, Set.of("events"))) {
            overwriteAll(engine, 2);
            compact(engine);
            try (Engine.Pin _ = engine.pin()) {
                OrderedSnapshot events = engine.map("events").snapshot();
                giveBack(engine);
                assertThat(revisions(events)).containsExactlyElementsOf(left.keySet());
            }
        }
    }

    @Test
    void readersReadOnWhileTheFileShrinks() throws Exception {
        try (Engine engine = MvStoreEngine.open(directory.resolve("db"), 1, Set.of("events"))) {
            overwriteAll(engine, 3);
            compact(engine);
            long before = engine.fileBytes();
            var ended = new AtomicBoolean();
            var reader = CompletableFuture.runAsync(() -> readUntil(ended, engine));
            // What somebody still reads is not free yet.
            for (int i = 0; i < 10 && engine.fileBytes() > before / 2; i++) {
                giveBack(engine);
            }
            ended.set(true);
            reader.get(5, TimeUnit.MINUTES);
            assertThatAllIsThere(engine);
        }
    }

    /** Each read is short, so that what it keeps from being given back is soon free. */
    private void readUntil(AtomicBoolean ended, Engine engine) {
        var entries = List.copyOf(left.entrySet());
        var any = new Random(2);
        OrderedMap current = engine.map("current");
        OrderedMap events = engine.map("events");
        while (!ended.get()) {
            try (Engine.Pin _ = engine.pin()) {
                for (int i = 0; i < 20; i++) {
                    var entry = entries.get(any.nextInt(entries.size()));
                    byte[] written = bytes(entry.getKey());
                    assertThat(events.get(written)).isEqualTo(VALUE);
                    assertThat(current.get(bytes(entry.getValue()))).isEqualTo(written);
                }
            }
        }
    }

    private void overwriteAll(Engine engine, int times) {
        OrderedMap current = engine.map("current");
        OrderedMap events = engine.map("events");
        var order = new ArrayList<Integer>();
        for (int i = 0; i < KEYS; i++) {
            order.add(i);
        }
        for (int time = 0; time <= times; time++) {
            for (int key : order) {
                revision++;
                events.append(bytes(revision), VALUE);
                current.put(bytes(key), bytes(revision));
                left.put(revision, key);
                commitIfLarge(engine);
            }
            Collections.shuffle(order, random);
        }
        engine.commit(() -> {});
    }

    /** Deletes every event but the newest of each key. */
    private void compact(Engine engine) {
        OrderedMap events = engine.map("events");
        long newest = revision - KEYS;
        for (long old = 1; old <= newest; old++) {
            events.remove(bytes(old));
            left.remove(old);
            commitIfLarge(engine);
        }
        engine.commit(() -> {});
    }

    private static void commitIfLarge(Engine engine) {
        if (engine.unsavedBytes() > COMMIT_BYTES) {
            engine.commit(() -> {});
        }
    }

    /** What was emptied is free only some commits later, and may show what else there is to do. */
    private void giveBack(Engine engine) {
        int steps = 0;
        for (int round = 0; round < 10; round++) {
            while (engine.regroup(STEP_BYTES, writing)) {
                commitSomething(engine, ++steps);
                assertThat(steps).isLessThan(1_000);
            }
            for (int i = 0; i < 8; i++) {
                commitSomething(engine, ++steps);
            }
            for (int i = 0; i < 30; i++) {
                int step = ++steps;
                engine.shrink(STEP_BYTES, () -> commitSomething(engine, step));
            }
        }
    }

    private static void commitSomething(Engine engine, int step) {
        engine.map("current").put(bytes(-1), bytes(step));
        engine.commit(() -> {});
    }

    private void assertThatAllIsThere(Engine engine) {
        assertThat(revisions(engine.map("events").snapshot()))
                .containsExactlyElementsOf(left.keySet());
        OrderedMap current = engine.map("current");
        left.forEach(
                (written, key) -> assertThat(current.get(bytes(key))).isEqualTo(bytes(written)));
    }

    private static List<Long> revisions(OrderedSnapshot events) {
        var revisions = new ArrayList<Long>();
        var scan = events.ascending(new byte[0], null);
        while (scan.next()) {
            revisions.add(ByteBuffer.wrap(scan.key()).getLong());
            assertThat(scan.value()).isEqualTo(VALUE);
        }
        return revisions;
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
