package io.skerry.etcd.server.mvcc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.SFChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large the file is and how full. */
class MeasureTest {
    @TempDir Path directory;

    /** A file whose writes stand still while a test wants it. */
    private static final class Held extends ShrinkingFileStore {
        private final CountDownLatch writing;
        private final CountDownLatch released;

        Held(Map<String, Object> options, CountDownLatch writing, CountDownLatch released) {
            super(options);
            this.writing = writing;
            this.released = released;
        }

        @Override
        void write(SFChunk chunk, long position, ByteBuffer source) {
            if (Thread.currentThread().getName().equals("held")) {
                writing.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            super.write(chunk, position, source);
        }
    }

    @Test
    void sizesAreToldWhileTheFileIsWritten() throws Exception {
        var writing = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var engine =
                MvStoreEngine.open(
                        directory.resolve("store"),
                        1,
                        Set.of(),
                        options -> new Held(options, writing, released));
        engine.map("a").put(new byte[] {1}, new byte[100_000]);
        engine.commit(() -> {});
        assertThat(engine.fileBytesInUse()).isBetween(1L, engine.fileBytes());
        engine.map("a").put(new byte[] {2}, new byte[100_000]);
        Thread committing = Thread.ofPlatform().name("held").start(() -> engine.commit(() -> {}));
        try {
            assertThat(writing.await(60, TimeUnit.SECONDS)).isTrue();
            var sizes =
                    CompletableFuture.supplyAsync(
                            () -> engine.fileBytes() - engine.fileBytesInUse());
            assertThat(sizes.get(60, TimeUnit.SECONDS)).isNotNegative();
        } finally {
            released.countDown();
            committing.join();
        }
        engine.close();
    }
}
