package io.skerry.etcd.server.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.etcd.server.Seeds;
import io.skerry.etcd.server.mvcc.engine.MvStoreEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys with so many versions that history knows only some of them. */
class OldVersionsTest {
    @TempDir Path directory;

    @Test
    void everyVersionSinceTheCompactionIsFoundAndNoneBeforeItIsKept() {
        Seeds.each(
                3,
                random -> {
                    var file = Files.createTempDirectory(directory, "run").resolve("store");
                    try (var engine = MvStoreEngine.open(file, 1, KeySpace.APPENDED)) {
                        new Run(random, engine).go();
                    }
                });
    }

    /** One random history. */
    private static final class Run {
        private final Random random;
        private final MvStoreEngine engine;
        private KeySpace keys;

        /** Values of each key by revision; null is a deletion. */
        private final Map<String, TreeMap<Long, @Nullable String>> model = new TreeMap<>();

        Run(Random random, MvStoreEngine engine) {
            this.random = random;
            this.engine = engine;
            this.keys = new KeySpace(engine, 1, 0, 0);
        }

        void go() {
            for (int round = 0; round < 8; round++) {
                for (int i = 0; i < 120; i++) {
                    write();
                }
                check();
                long compact =
                        keys.compactRevision()
                                + 1
                                + random.nextLong(keys.revision() - keys.compactRevision());
                keys.compact(compact);
                if (random.nextBoolean()) {
                    write();
                }
                int steps = random.nextInt(20);
                while (keys.compactStep(1 + random.nextInt(50))) {
                    write();
                    if (steps-- == 0) {
                        reopen();
                    }
                }
                check();
            }
            keys.compact(keys.revision());
            while (keys.compactStep(100)) {
                // goes on
            }
            var left = engine.map("events").snapshot();
            assertThat(left.rank(Keys.event(keys.revision(), 0))).isZero();
            assertThat(engine.map("history").snapshot().size()).isZero();
            check();
        }

        private void reopen() {
            keys =
                    new KeySpace(
                            engine,
                            keys.revision(),
                            keys.compactRevision(),
                            keys.compactedThrough());
        }

        private void write() {
            var transaction = keys.begin();
            long revision = keys.revision() + 1;
            var written = new HashSet<String>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                String key = "k" + random.nextInt(6);
                if (!written.add(key)) {
                    continue;
                }
                var versions = model.computeIfAbsent(key, _ -> new TreeMap<>());
                if (random.nextInt(60) == 0) {
                    var range = KeyRange.of(ByteString.copyFromUtf8(key), ByteString.EMPTY);
                    if (!transaction.delete(range).isEmpty()) {
                        versions.put(revision, null);
                    }
                } else {
                    String value = Integer.toString(random.nextInt());
                    transaction.put(key.getBytes(UTF_8), ByteString.copyFromUtf8(value), 0L);
                    versions.put(revision, value);
                }
            }
            transaction.end();
        }

        private void check() {
            var view = keys.view();
            try {
                for (long at = Math.max(1, view.compactRevision()); at <= view.revision(); at++) {
                    var expected = new ArrayList<String>();
                    for (var key : model.entrySet()) {
                        var entry = key.getValue().floorEntry(at);
                        String value = entry == null ? null : entry.getValue();
                        var found = view.get(key.getKey().getBytes(UTF_8), at);
                        assertThat(found == null ? null : text(found)).isEqualTo(value);
                        if (value != null) {
                            expected.add(value);
                        }
                    }
                    List<String> all = view.at(KeyRange.all(), at).stream().map(Run::text).toList();
                    assertThat(all).isEqualTo(expected);
                }
                checkChanges(view);
            } finally {
                view.release();
            }
        }

        private void checkChanges(ReadView view) {
            view.changes(
                    view.compactRevision() + 1,
                    change -> {
                        var versions = model.getOrDefault(text(change.key()), new TreeMap<>());
                        var now = change.now();
                        assertThat(now == null ? null : text(now))
                                .isEqualTo(versions.get(change.revision()));
                        var lower = versions.lowerEntry(change.revision());
                        var before = change.before();
                        assertThat(before == null ? null : text(before))
                                .isEqualTo(lower == null ? null : lower.getValue());
                        return true;
                    });
        }

        private static String text(KeyVersion version) {
            return text(version.value());
        }

        private static String text(byte[] bytes) {
            return new String(bytes, UTF_8);
        }
    }
}
