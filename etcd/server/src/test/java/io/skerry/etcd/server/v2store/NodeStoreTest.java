package io.skerry.etcd.server.v2store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeySpace;
import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.MvStoreEngine;
import io.skerry.etcd.server.v2store.Write.Condition;
import io.skerry.etcd.server.v2store.Write.Lifetime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStoreTest {
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final Lifetime MINUTE = new Lifetime(60, NOW + 60_000_000_000L);

    @TempDir Path directory;

    /** One open store. */
    private static final class Opened implements AutoCloseable {
        private final Engine engine;
        private final KeySpace keys;
        private final NodeStore nodes;
        private final List<Change> changes = new ArrayList<>();

        Opened(Path file, long revision) throws IOException {
            engine = MvStoreEngine.open(file, 8);
            keys = new KeySpace(engine, revision, 0, 0);
            nodes = new NodeStore(engine, keys);
        }

        Outcome apply(Write write) {
            return nodes.apply(write, changes);
        }

        void keep() {
            engine.commit(() -> {});
            engine.sync();
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static Write set(String path, String value, @Nullable Lifetime lifetime) {
        return new Write.Set(Namespace.KEYS, NodePath.of(path), NOW, false, value, lifetime, false);
    }

    private static Write delete(String path) {
        return new Write.Delete(Namespace.KEYS, NodePath.of(path), NOW, true, true);
    }

    @Test
    void whatIsRefusedChangesNothing() throws Exception {
        try (var store = new Opened(directory.resolve("s"), 1)) {
            store.apply(set("/dir/file", "x", null));
            long revision = store.keys.revision();
            int changes = store.changes.size();
            var refused =
                    List.of(
                            set("/dir", "x", null),
                            set("/dir/file/below/deep", "x", null),
                            set("/", "x", null),
                            new Write.CompareAndSwap(
                                    Namespace.KEYS,
                                    NodePath.of("/dir/file"),
                                    NOW,
                                    new Condition("y", 0),
                                    "z",
                                    MINUTE,
                                    false),
                            new Write.Delete(Namespace.KEYS, NodePath.of("/dir"), NOW, true, false),
                            delete("/missing"));
            for (var write : refused) {
                assertThat(store.apply(write)).isInstanceOf(Outcome.Refused.class);
            }
            assertThat(store.keys.revision()).isEqualTo(revision);
            assertThat(store.changes).hasSize(changes);
            assertThat(store.nodes.events()).hasSize(1);
            assertThat(store.nodes.expiries().all()).isEmpty();
        }
    }

    @Test
    void aDirectoryGoesWithEverythingInItAtOneRevision() throws Exception {
        try (var store = new Opened(directory.resolve("s"), 1)) {
            store.apply(set("/d/a/b/c", "1", MINUTE));
            store.apply(set("/d/_hidden", "2", null));
            store.apply(set("/dd", "3", null));
            long before = store.keys.revision();
            assertThat(store.apply(delete("/d"))).isInstanceOf(Outcome.Done.class);
            assertThat(store.keys.revision()).isEqualTo(before + 1);
            assertThat(store.nodes.expiries().all()).isEmpty();
            var tree = new Tree(Namespace.KEYS, store.keys.view());
            assertThat(tree.get(NodePath.ROOT, true, NOW).nodes())
                    .extracting(NodeInfo::key)
                    .containsExactly("/dd");
        }
    }

    @Test
    void onlyTheNodeThatWasToEndEnds() throws Exception {
        try (var store = new Opened(directory.resolve("s"), 1)) {
            store.apply(set("/t", "1", MINUTE));
            long first = store.nodes.expiries().all().iterator().next().id();
            store.apply(set("/t", "2", MINUTE));
            assertThat(store.nodes.expire(first, NOW, store.changes)).isNull();
            long second = store.nodes.expiries().all().iterator().next().id();
            assertThat(store.nodes.expire(second, NOW, store.changes))
                    .isInstanceOfSatisfying(
                            Outcome.Done.class,
                            done -> {
                                assertThat(done.event().action()).isEqualTo(Action.EXPIRE);
                                assertThat(done.event().previous())
                                        .extracting(NodeInfo::value)
                                        .isEqualTo("2");
                            });
            assertThat(store.nodes.expiries().all()).isEmpty();
        }
    }

    @Test
    void eventsAndEndsAreThereAfterReopening() throws Exception {
        var file = directory.resolve("s");
        long revision;
        List<Event> events;
        try (var store = new Opened(file, 1)) {
            for (int i = 0; i < EventHistory.CAPACITY + 5; i++) {
                store.apply(set("/n", "" + i, null));
            }
            store.apply(set("/t", "x", MINUTE));
            store.nodes.checkpoint(Map.of(store.keys.revision(), 17L));
            revision = store.keys.revision();
            events = store.nodes.events();
            store.keep();
        }
        try (var store = new Opened(file, revision)) {
            assertThat(store.nodes.events()).hasSize(EventHistory.CAPACITY).isEqualTo(events);
            assertThat(store.nodes.eventsClearedThrough()).isEqualTo(events.getFirst().index() - 1);
            assertThat(store.nodes.expiries().all())
                    .containsExactly(
                            new Expiry(revision, Namespace.KEYS, NodePath.of("/t"), 60, 17));
        }
    }

    @Test
    void writesAndOutcomesAreReadAsTheyWereWritten() {
        var writes =
                List.of(
                        set("/a", "ä", MINUTE),
                        delete("/a"),
                        new Write.Create(
                                Namespace.AUTH, NodePath.of("/q"), NOW, true, "", true, null),
                        new Write.Update(Namespace.KEYS, NodePath.of("/u"), NOW, "v", MINUTE, true),
                        new Write.CompareAndSwap(
                                Namespace.KEYS,
                                NodePath.of("/c"),
                                NOW,
                                new Condition("p", 7),
                                "v",
                                null,
                                false),
                        new Write.CompareAndDelete(
                                Namespace.KEYS, NodePath.of("/c"), NOW, new Condition("", 9)));
        for (var write : writes) {
            assertThat(WriteCodec.decode(WriteCodec.encode(write))).isEqualTo(write);
        }
        var refused =
                new Outcome.Refused(Action.SET, new NodeError(ErrorCode.NOT_A_FILE, "/dir", 12));
        assertThat(OutcomeCodec.decode(OutcomeCodec.encode(refused))).isEqualTo(refused);
    }

    @Test
    void pathsAreCleanedAndKnowWhatIsHidden() {
        assertThat(NodePath.of("a//b/./c/../d/").text()).isEqualTo("/a/b/d");
        assertThat(NodePath.of("/../..")).isEqualTo(NodePath.ROOT);
        assertThat(NodePath.of("/ab").under(NodePath.of("/a"))).isFalse();
        assertThat(NodePath.of("/a/_b/c").hiddenBelow(NodePath.of("/a"))).isTrue();
        assertThat(NodePath.of("/a/_b/c").hiddenBelow(NodePath.of("/a/_b"))).isFalse();
    }
}
