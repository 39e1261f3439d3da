package io.skerry.etcd.server.mvcc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.h2.mvstore.WriteBuffer;
import org.junit.jupiter.api.Test;

final class ChunkBuffersTest {
    private static final int MEGABYTE = 1 << 20;

    private final ChunkBuffers buffers = new ChunkBuffers();

    @Test
    void nextChunkOfTheSameSizeFindsItsBufferLargeEnough() {
        var _ = commit(20 * MEGABYTE);

        var second = commit(20 * MEGABYTE);
        var third = commit(20 * MEGABYTE);

        assertThat(third).isSameAs(second);
        assertThat(third.capacity()).isBetween(20 * MEGABYTE, 30 * MEGABYTE);
    }

    @Test
    void bufferThatIsKeptIsEmpty() {
        var _ = commit(20 * MEGABYTE);
        var _ = commit(20 * MEGABYTE);

        var buffer = buffers.take();

        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(buffer.capacity());
    }

    @Test
    void fewSmallChunksBetweenLargeOnesDoNotCostTheBuffer() {
        var _ = commit(20 * MEGABYTE);
        var large = commit(20 * MEGABYTE);

        for (int i = 0; i < 5; i++) {
            var _ = commit(10_000);
        }

        assertThat(buffers.take()).isSameAs(large);
    }

    @Test
    void smallChunksAloneDoNotKeepTheLargeBuffer() {
        var _ = commit(20 * MEGABYTE);
        var _ = commit(20 * MEGABYTE);

        for (int i = 0; i < 50; i++) {
            var _ = commit(10_000);
        }

        assertThat(buffers.take().capacity()).isEqualTo(MEGABYTE);
    }

    @Test
    void restDoesNotKeepTheLargeBuffer() {
        var _ = commit(20 * MEGABYTE);
        var _ = commit(20 * MEGABYTE);

        buffers.rest();

        assertThat(buffers.take().capacity()).isEqualTo(MEGABYTE);
    }

    private WriteBuffer commit(int bytes) {
        var buffer = buffers.take();
        buffer.put(new byte[bytes]);
        buffers.chunk(bytes);
        buffers.giveBack(buffer);
        return buffer;
    }
}
