package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.sun.management.OperatingSystemMXBean;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.PutRequest;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Prints what the state machine alone costs for each put, so that a change of its layout can be
 * judged on a busy machine; figures of docs/decisions/007-old-versions-in-the-event-log.md come
 * from here. Arguments: directory, number of keys, rounds, puts a round, and {@code compact} to
 * compact at the end.
 */
final class ApplyMeasurement {
    private static final int BATCH = 200;
    private static final int KEY_BYTES = 16;
    private static final int VALUE_BYTES = 256;

    private final EtcdStateMachine store;
    private final Random random = new Random(7);
    private final int keys;
    private long index;

    private ApplyMeasurement(EtcdStateMachine store, int keys) {
        this.store = store;
        this.keys = keys;
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0], "apply-measurement");
        Files.deleteIfExists(file);
        int keys = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        int puts = Integer.parseInt(arguments[3]);
        try (var store = EtcdStateMachine.open(file, StoreOptions.DEFAULT)) {
            var measurement = new ApplyMeasurement(store, keys);
            for (int round = 0; round < rounds; round++) {
                measurement.round(puts);
            }
            if (arguments.length > 4) {
                measurement.compact();
            }
        }
    }

    private void round(int puts) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        long cpu = processCpuNanos();
        long own = threads.getCurrentThreadCpuTime();
        long collecting = collectionMillis();
        long worst = 0;
        for (int done = 0; done < puts; done += BATCH) {
            var batch = batch();
            long before = System.nanoTime();
            store.apply(++index, 1, batch);
            worst = Math.max(worst, System.nanoTime() - before);
        }
        double per100k = 100_000.0 / puts;
        print(
                "%,d puts: %,.0f/s; for 100,000: %.2f s processor, %.2f s of this thread;"
                        + " collections %d ms; longest batch %.1f ms; file %,d KB",
                puts,
                puts / seconds(System.nanoTime() - start),
                seconds(processCpuNanos() - cpu) * per100k,
                seconds(threads.getCurrentThreadCpuTime() - own) * per100k,
                collectionMillis() - collecting,
                worst / 1e6,
                store.fileBytes() >> 10);
    }

    private List<ByteString> batch() {
        var commands = new ArrayList<ByteString>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            var value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            commands.add(
                    new Command.Put(
                                    PutRequest.newBuilder()
                                            .setKey(key(random.nextInt(keys)))
                                            .setValue(UnsafeByteOperations.unsafeWrap(value))
                                            .build())
                            .encode());
        }
        return commands;
    }

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8(
                String.format(Locale.ROOT, "key-%0" + (KEY_BYTES - 4) + "d", number));
    }

    private void compact() throws Exception {
        long start = System.nanoTime();
        long cpu = processCpuNanos();
        var request = CompactionRequest.newBuilder().setRevision(store.revision()).build();
        store.apply(++index, 1, List.of(new Command.Compact(request).encode()));
        store.awaitCompacted(store.revision());
        store.flush();
        print(
                "compacted in %.1f s with %.1f s processor; file %,d KB, %,d KB of it in use",
                seconds(System.nanoTime() - start),
                seconds(processCpuNanos() - cpu),
                store.fileBytes() >> 10,
                store.fileBytesInUse() >> 10);
    }

    @SuppressWarnings(
            "AnnotateFormatMethod") // The annotation would be the only use of its library.
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long collectionMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
