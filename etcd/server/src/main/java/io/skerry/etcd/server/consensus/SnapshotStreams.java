package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.PeerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * State as a stream from one member to another, drawn chunk by chunk by the one who needs it, so
 * that neither holds more than a few chunks. Asked of any peer that has enough: a member that was
 * interrupted while it fetched must be able to go on before there is a leader.
 *
 * <p>A request names a stream (0 opens one, with the entry that it must contain) and is answered
 * with the stream's number and the next chunk; an empty chunk ends it.
 */
final class SnapshotStreams {
    private static final Log LOG = Log.of(SnapshotStreams.class);
    static final int REQUEST = 40;
    private static final int CHUNK = 41;
    private static final int CHUNK_BYTES = 512 << 10;
    private static final int CHUNKS_AHEAD = 2;
    private static final int MAX_STREAMS = 4;
    private static final long PATIENCE_SECONDS = 30;
    private static final Duration CHUNK_TIMEOUT = Duration.ofSeconds(PATIENCE_SECONDS + 5);
    private static final long RETRY_MILLIS = 500;

    private final PeerNetwork network;
    private final StateMachine machine;
    private final Map<Long, BlockingQueue<Chunk>> streams = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean closed;

    SnapshotStreams(PeerNetwork network, StateMachine machine) {
        this.network = network;
        this.machine = machine;
        network.handle(
                REQUEST,
                request -> Thread.ofVirtual().name("snapshot-serve").start(() -> serve(request)));
    }

    void close() {
        closed = true;
    }

    private void serve(PeerRequest request) {
        try {
            ByteBuffer asked = request.payload().asReadOnlyByteBuffer();
            if (asked.remaining() != 2 * Long.BYTES) {
                throw new GrpcException(GrpcCode.INVALID_ARGUMENT, "malformed snapshot request");
            }
            long id = asked.getLong();
            if (id == 0) {
                id = open(asked.getLong());
            }
            BlockingQueue<Chunk> stream = streams.get(id);
            Chunk chunk = stream == null ? null : stream.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (chunk == null) {
                throw new GrpcException(GrpcCode.NOT_FOUND, "the snapshot stream is gone");
            }
            if (chunk.failure() != null) {
                throw new GrpcException(GrpcCode.INTERNAL, chunk.failure());
            }
            var number = ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, id));
            request.reply(CHUNK, number.concat(chunk.bytes()));
        } catch (GrpcException e) {
            request.fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long open(long needed) throws GrpcException {
        if (machine.appliedIndex() < needed) {
            throw new GrpcException(
                    GrpcCode.FAILED_PRECONDITION,
                    "this member has applied " + machine.appliedIndex() + " only");
        }
        if (streams.size() >= MAX_STREAMS) {
            throw new GrpcException(GrpcCode.RESOURCE_EXHAUSTED, "too many snapshot streams");
        }
        long id = ids.incrementAndGet();
        var queue = new ArrayBlockingQueue<Chunk>(CHUNKS_AHEAD);
        streams.put(id, queue);
        Thread.ofVirtual().name("snapshot-write").start(() -> write(id, queue));
        return id;
    }

    private void write(long id, BlockingQueue<Chunk> queue) {
        long started = System.nanoTime();
        try (var out = new ChunkStream(queue)) {
            machine.writeSnapshot(out);
            out.flush();
            out.put(new Chunk(ByteString.EMPTY, null));
            LOG.info(
                    "state sent to a peer",
                    "bytes",
                    out.total,
                    "millis",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        } catch (IOException | RuntimeException e) {
            LOG.warn("state could not be sent to a peer", e);
            if (!queue.offer(new Chunk(ByteString.EMPTY, String.valueOf(e.getMessage())))) {
                streams.remove(id);
            }
        } finally {
            forgetLater(id, queue);
        }
    }

    /** The last chunks are drawn after the writer has ended. */
    private void forgetLater(long id, BlockingQueue<Chunk> queue) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (!queue.isEmpty() && System.nanoTime() - until < 0 && !closed) {
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.remove(id);
    }

    /** Brings the machine to an entry or beyond; tries all peers until one has enough. */
    boolean fetch(long needed) {
        while (!closed) {
            for (long peer : network.peers()) {
                try {
                    long first = System.nanoTime();
                    try (var state = new PeerStream(peer, needed)) {
                        machine.readSnapshot(state);
                    }
                    if (machine.appliedIndex() >= needed) {
                        LOG.info(
                                "state received",
                                "peer",
                                Long.toHexString(peer),
                                "applied",
                                machine.appliedIndex(),
                                "millis",
                                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - first));
                        return true;
                    }
                } catch (IOException e) {
                    LOG.warn(
                            "state cannot be fetched",
                            "peer",
                            Long.toHexString(peer),
                            "reason",
                            e.getMessage());
                }
                if (closed) {
                    return false;
                }
            }
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /** Some bytes, the end (none), or why there will be no more. */
    private record Chunk(ByteString bytes, @Nullable String failure) {}

    /** Cuts what is written into chunks; waits for the reader. */
    private static final class ChunkStream extends OutputStream {
        private final BlockingQueue<Chunk> queue;
        private final byte[] buffer = new byte[CHUNK_BYTES];
        private int filled;
        private long total;

        ChunkStream(BlockingQueue<Chunk> queue) {
            this.queue = queue;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int at = offset;
            int left = length;
            while (left > 0) {
                int part = Math.min(left, buffer.length - filled);
                System.arraycopy(bytes, at, buffer, filled, part);
                filled += part;
                at += part;
                left -= part;
                if (filled == buffer.length) {
                    flush();
                }
            }
        }

        @Override
        public void flush() throws IOException {
            if (filled > 0) {
                total += filled;
                put(new Chunk(ByteString.copyFrom(buffer, 0, filled), null));
                filled = 0;
            }
        }

        void put(Chunk chunk) throws IOException {
            try {
                if (!queue.offer(chunk, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("the peer draws no more");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while sending state", e);
            }
        }
    }

    /** Draws the chunks of a stream as they are read. */
    private final class PeerStream extends InputStream {
        private final long peer;
        private final long needed;
        private long id;
        private boolean ended;
        private InputStream chunk = InputStream.nullInputStream();

        PeerStream(long peer, long needed) {
            this.peer = peer;
            this.needed = needed;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (!ended) {
                int count = chunk.read(bytes, offset, length);
                if (count >= 0) {
                    return count;
                }
                ByteString drawn = draw();
                ended = drawn.isEmpty();
                chunk = drawn.newInput();
            }
            return -1;
        }

        private ByteString draw() throws IOException {
            var asked = ByteBuffer.allocate(2 * Long.BYTES).putLong(id).putLong(needed).flip();
            try {
                var answer =
                        network.request(
                                        peer,
                                        Lane.BULK,
                                        REQUEST,
                                        ByteString.copyFrom(asked),
                                        CHUNK_TIMEOUT)
                                .join()
                                .payload();
                id = answer.asReadOnlyByteBuffer().getLong();
                return answer.substring(Long.BYTES);
            } catch (CompletionException e) {
                throw new IOException(String.valueOf(GrpcException.from(e).getMessage()), e);
            }
        }
    }
}
