package io.skerry.etcd.server.mvcc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.server.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.h2.mvstore.SFChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power at any write: what was synced is on the device, of what was written since any
 * blocks are and others are not.
 */
class PowerCutTest {
    private static final int BLOCK = 4096;

    @TempDir Path directory;

    @Test
    void fileOpensAtAStateThatIsWholeAndNotOlderThanTheLastSync() {
        Seeds.each(6, this::run);
    }

    private void run(Random random) throws Exception {
        var path = Files.createTempDirectory(directory, "cut").resolve("store");
        var device = new Device();
        var engine =
                MvStoreEngine.open(
                        path, 1, Set.of("a"), options -> new RecordingFileStore(options, device));
        var writer = new Writer(engine, device, random);
        for (int i = 0; i < 120; i++) {
            writer.write();
            writer.commit();
            if (random.nextInt(10) == 0) {
                engine.sync();
                device.durable = writer.step;
            }
            if (random.nextInt(3) == 0) {
                engine.reclaim(50_000);
            }
            if (random.nextInt(8) == 0) {
                device.beforeSync = () -> verifySometimes(device, writer, random);
                // What is written while it is under way is in the commit that ends it.
                engine.shrink(
                        random.nextBoolean() ? 100_000 : 1_000_000,
                        () -> {
                            writer.write();
                            writer.commit();
                            writer.write();
                        });
                device.beforeSync = () -> {};
                writer.commit();
            }
            if (random.nextInt(6) == 0) {
                verify(device, writer.history, random);
            }
        }
        engine.close();
    }

    private void verifySometimes(Device device, Writer writer, Random random) {
        if (random.nextInt(4) == 0) {
            try {
                verify(device, writer.history, random);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Writes the same to two maps, step by step, and remembers each. */
    private static final class Writer {
        private final Engine engine;
        private final Device device;
        private final Random random;
        private final List<OrderedMap> maps;
        private final OrderedMap state;
        private final Map<Integer, Long> now = new HashMap<>();
        private final TreeMap<Long, Map<Integer, Long>> history = new TreeMap<>();
        private long step;

        Writer(Engine engine, Device device, Random random) {
            this.engine = engine;
            this.device = device;
            this.random = random;
            this.maps = List.of(engine.map("a"), engine.map("b"));
            this.state = engine.map("state");
        }

        void write() {
            step++;
            for (int i = random.nextInt(40); i >= 0; i--) {
                int key = random.nextInt(2000);
                now.put(key, step);
                for (var map : maps) {
                    map.put(number(key), padded(step));
                }
            }
            state.put(new byte[] {1}, number(step));
            history.put(step, new HashMap<>(now));
        }

        void commit() {
            // It may be on the device before the engine says so.
            device.committed = step;
            engine.commit(() -> {});
        }
    }

    /** Every moment between the last sync and now is a moment to cut. */
    private void verify(Device device, Map<Long, Map<Integer, Long>> history, Random random)
            throws Exception {
        var image = Files.createTempFile(directory, "image", "");
        device.crash(image, random);
        var engine = MvStoreEngine.open(image, 1);
        try {
            byte[] stored = engine.map("state").get(new byte[] {1});
            long step = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
            assertThat(step).isBetween(device.durable, device.committed);
            var expected = history.getOrDefault(step, Map.of());
            for (var name : List.of("a", "b")) {
                var found = new HashMap<Integer, Long>();
                var scan = engine.map(name).snapshot().ascending(new byte[0], null);
                while (scan.next()) {
                    found.put(
                            (int) ByteBuffer.wrap(scan.key()).getLong(),
                            ByteBuffer.wrap(scan.value()).getLong());
                }
                assertThat(found).isEqualTo(expected);
            }
        } finally {
            engine.close();
            Files.delete(image);
        }
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] padded(long number) {
        return ByteBuffer.allocate(100).putLong(number).array();
    }

    /** What is certainly on the device, and the writes since that may be. */
    private static final class Device {
        private byte[] safe = new byte[0];
        private final List<Write> pending = new ArrayList<>();
        private long durable;
        private long committed;
        private Runnable beforeSync = () -> {};

        private static final ByteBuffer TRUNCATION = ByteBuffer.allocate(0);

        private static boolean isTruncation(ByteBuffer bytes) {
            return !bytes.hasRemaining();
        }

        private record Write(long position, ByteBuffer bytes) {}

        synchronized void write(long position, ByteBuffer source) {
            var copy = ByteBuffer.allocate(source.remaining());
            copy.put(source.duplicate()).flip();
            pending.add(new Write(position, copy));
        }

        synchronized void truncate(long size) {
            pending.add(new Write(size, TRUNCATION));
        }

        synchronized void sync() {
            for (var write : pending) {
                safe = applied(safe, write.position, write.bytes);
            }
            pending.clear();
        }

        synchronized void crash(Path image, Random random) throws IOException {
            byte[] bytes = safe.clone();
            int survivors = random.nextInt(4);
            for (var write : pending) {
                if (isTruncation(write.bytes) && survivors > random.nextInt(3)) {
                    bytes = applied(bytes, write.position, write.bytes);
                }
                for (int at = 0; at < write.bytes.limit(); at += BLOCK) {
                    boolean survives =
                            survivors == 3 || (survivors > 0 && random.nextInt(3) < survivors);
                    if (survives) {
                        int length = Math.min(BLOCK, write.bytes.limit() - at);
                        bytes = applied(bytes, write.position + at, write.bytes.slice(at, length));
                    }
                }
            }
            Files.write(image, bytes);
        }

        private static byte[] applied(byte[] file, long position, ByteBuffer source) {
            if (isTruncation(source)) {
                return Arrays.copyOf(file, (int) position);
            }
            int end = (int) position + source.remaining();
            byte[] larger = end > file.length ? Arrays.copyOf(file, end) : file;
            source.duplicate().get(larger, (int) position, source.remaining());
            return larger;
        }
    }

    private static final class RecordingFileStore extends ShrinkingFileStore {
        private final Device device;

        RecordingFileStore(Map<String, Object> configuration, Device device) {
            super(configuration);
            this.device = device;
        }

        @Override
        void write(SFChunk chunk, long position, ByteBuffer source) {
            device.write(position, source);
            super.write(chunk, position, source);
        }

        @Override
        public void truncate(long size) {
            super.truncate(size);
            device.truncate(size);
        }

        @Override
        public void sync() {
            device.beforeSync.run();
            super.sync();
            device.sync();
        }
    }
}
