package io.skerry.etcd.server.mvcc.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Prints what the engine does per second with the store's key shape; the figures of
 * docs/decisions/004-storage-engine.md come from here. Arguments: number of keys, directory.
 */
final class EngineMeasurement {
    private static final int VALUE_BYTES = 256;
    private static final int BATCH = 100;
    private static final int UNSAVED_LIMIT_BYTES = Integer.getInteger("unsaved", 16 << 20);

    private EngineMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        int keys = Integer.parseInt(arguments[0]);
        Path file = Path.of(arguments[1], "engine-measurement");
        Files.deleteIfExists(file);
        var random = new Random(7);
        var opened = MvStoreEngine.open(file, 64);
        var engine = opened;
        var current = engine.map("current");
        var events = engine.map("events");
        long start = System.nanoTime();
        long commits = 0;
        long worstStall = 0;
        var writer = new ReentrantLock();
        Thread committer = null;
        for (int i = 0; i < keys; i++) {
            if (i % BATCH == 0) {
                long before = System.nanoTime();
                if (writer.isHeldByCurrentThread()) {
                    writer.unlock();
                }
                if (engine.unsavedBytes() > UNSAVED_LIMIT_BYTES) {
                    if (committer == null || !committer.isAlive()) {
                        commits++;
                        committer =
                                new Thread(() -> {
                                    writer.lock();
                                    opened.commit(writer::unlock);
                                });
                        committer.start();
                    } else if (engine.unsavedBytes() > 4L * UNSAVED_LIMIT_BYTES) {
                        committer.join();
                    }
                }
                writer.lock();
                worstStall = Math.max(worstStall, System.nanoTime() - before);
            }
            var value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            current.put(key((int) ((i * 2_654_435_761L) % keys)), value);
            events.put(ByteBuffer.allocate(12).putLong(i).putInt(0).array(), new byte[20]);
        }
        writer.unlock();
        if (committer != null) {
            committer.join();
        }
        engine.commit(() -> {});
        print("put/s (two maps)", keys, start);
        System.out.printf(
                "commits %d, worst stall %.1f ms, file %d MB%n",
                commits, worstStall / 1e6, engine.fileBytes() >> 20);

        start = System.nanoTime();
        var snapshot = current.snapshot();
        for (int i = 0; i < 200_000; i++) {
            if (snapshot.get(key(random.nextInt(keys))) == null) {
                throw new IllegalStateException("a key is missing");
            }
        }
        print("get/s", 200_000, start);
        start = System.nanoTime();
        for (int i = 0; i < 200_000; i++) {
            snapshot.rank(key(random.nextInt(keys)));
        }
        print("rank/s", 200_000, start);
        start = System.nanoTime();
        var scan = snapshot.ascending(new byte[0], null);
        long rows = 0;
        while (scan.next()) {
            rows++;
        }
        print("scanned rows/s", rows, start);
        long syncStart = System.nanoTime();
        engine.sync();
        System.out.printf("sync %.1f ms%n", (System.nanoTime() - syncStart) / 1e6);
        engine.close();
        start = System.nanoTime();
        engine = MvStoreEngine.open(file, 64);
        engine.map("current").get(key(1));
        System.out.printf("reopen and first get %.1f ms%n", (System.nanoTime() - start) / 1e6);
        engine.close();
        Files.delete(file);
    }

    private static byte[] key(int i) {
        return ("/registry/pods/namespace-" + i % 97 + "/pod-" + i)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void print(String what, long count, long start) {
        System.out.printf("%s %,.0f%n", what, count * 1e9 / (System.nanoTime() - start));
    }
}
