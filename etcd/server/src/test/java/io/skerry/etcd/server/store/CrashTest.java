package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.PutRequest;
import io.skerry.etcd.server.mvcc.KeyRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that writes, again and again, and looks at what it left. */
class CrashTest {
    private static final int KILLS = 6;
    private static final int KEYS = 500;

    @TempDir Path directory;

    /** The process that is killed: applies numbered batches and says what it has flushed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            var store = EtcdStateMachine.open(Path.of(arguments[0]), new StoreOptions(4, 200_000));
            var random = new Random();
            while (true) {
                long index = store.appliedIndex() + 1;
                store.apply(index, 1, List.of(command(index)));
                if (random.nextInt(50) == 0) {
                    store.flush();
                    System.out.println(index);
                }
            }
        }
    }

    /** The command at an index of the log: the key follows from it, the value is it. */
    private static ByteString command(long index) {
        return new Command.Put(
                        PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("key-" + index * 7919 % KEYS))
                                .setValue(ByteString.copyFromUtf8(index + "-".repeat(200)))
                                .build())
                .encode();
    }

    @Test
    void nothingFlushedIsLostAndTheContentIsThatOfTheAppliedIndex() throws Exception {
        var file = directory.resolve("store");
        var random = new Random();
        for (int kill = 0; kill < KILLS; kill++) {
            long flushed = runAndKill(file, 3 + random.nextInt(12));
            try (var store = EtcdStateMachine.open(file, StoreOptions.DEFAULT)) {
                assertThat(store.appliedIndex()).isGreaterThanOrEqualTo(flushed);
                assertContentOf(store);
            }
        }
    }

    private static long runAndKill(Path file, int flushes) throws IOException {
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Victim.class.getName(),
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long flushed = 0;
        try (BufferedReader lines = process.inputReader()) {
            for (int i = 0; i < flushes; i++) {
                String line = lines.readLine();
                if (line == null) {
                    throw new AssertionError("the writing process ended by itself");
                }
                flushed = Long.parseLong(line);
            }
        } finally {
            process.destroyForcibly();
            assertThat(endsSoon(process)).isTrue();
        }
        return flushed;
    }

    private static boolean endsSoon(Process process) {
        try {
            return process.waitFor(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void assertContentOf(EtcdStateMachine store) {
        long applied = store.appliedIndex();
        var expected = new HashMap<String, String>();
        for (long index = Math.max(1, applied - KEYS + 1); index <= applied; index++) {
            expected.put("key-" + index * 7919 % KEYS, index + "-".repeat(200));
        }
        var view = store.view();
        try {
            assertThat(view.revision()).isEqualTo(applied + 1);
            var found = new HashMap<String, String>();
            view.scan(
                    KeyRange.all(),
                    false,
                    row ->
                            found.put(
                                            ByteString.copyFrom(row.key()).toStringUtf8(),
                                            ByteString.copyFrom(row.value()).toStringUtf8())
                                    == null);
            assertThat(found).isEqualTo(expected);
        } finally {
            view.release();
        }
    }
}
