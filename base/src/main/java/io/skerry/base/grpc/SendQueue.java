package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a stream, client or server: any thread adds messages, the event loop writes
 * them as HTTP/2's flow control allows. Messages added in one burst leave in one write.
 *
 * <p>Invariant: whoever adds to the queue afterwards sees {@code scheduled} true or sets it and
 * hands a drain to the loop, so nothing is left lying.
 */
final class SendQueue implements GrpcOutbound {
    /** Above this, {@link #ready} is false. */
    private static final long MARK_BYTES = 256 << 10;

    /** Bounds one write, so that a long queue is not copied at once. */
    private static final int BATCH_BYTES = 32 << 10;

    /** How this direction ends; called on the loop. */
    interface End {
        void complete();

        void fail(GrpcException reason);
    }

    private sealed interface Item {
        record Message(ByteString bytes) implements Item {}

        record Complete() implements Item {}

        record Failed(GrpcException reason) implements Item {}
    }

    private final EventLoop loop;
    private final End end;
    private final boolean failsAtOnce;
    private final ConcurrentLinkedQueue<Item> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean ended;
    private volatile boolean wasFull;
    private volatile @Nullable Runnable onReady;
    // Set on the loop once the stream can be written; the loop alone reads it.
    private @Nullable SendSink sink;

    /**
     * @param failsAtOnce a failure overtakes what is queued, and may come after the completion: a
     *     client's cancellation; otherwise, as on a server, what was sent before is delivered first
     */
    SendQueue(EventLoop loop, End end, boolean failsAtOnce) {
        this.loop = loop;
        this.end = end;
        this.failsAtOnce = failsAtOnce;
    }

    /** Starts to write; called on the loop. */
    void attach(SendSink stream) {
        sink = stream;
        stream.whenWritable(this::drain);
        drain();
    }

    /** Drops what is queued and ignores all further calls. */
    void abandon() {
        ended = true;
        queue.clear();
        queuedBytes.set(0);
    }

    @Override
    public void send(ByteString encodedMessage) {
        if (ended) {
            return;
        }
        long bytes = (long) encodedMessage.size() + Frames.HEADER_BYTES;
        if (queuedBytes.addAndGet(bytes) >= MARK_BYTES) {
            wasFull = true;
        }
        add(new Item.Message(encodedMessage));
    }

    @Override
    public boolean ready() {
        if (queuedBytes.get() < MARK_BYTES) {
            return true;
        }
        // Marked before the second look: a drain in between then sees it and calls back.
        wasFull = true;
        return queuedBytes.get() < MARK_BYTES;
    }

    @Override
    public void onReady(Runnable whenBelowMark) {
        onReady = whenBelowMark;
    }

    @Override
    public void complete() {
        add(new Item.Complete());
    }

    @Override
    public void fail(GrpcException reason) {
        if (failsAtOnce) {
            loop.execute(() -> end.fail(reason));
        } else {
            add(new Item.Failed(reason));
        }
    }

    private void add(Item item) {
        if (ended) {
            return;
        }
        queue.add(item);
        if (!scheduled.getAndSet(true)) {
            loop.execute(this::drain);
        }
    }

    private void drain() {
        scheduled.set(false);
        SendSink stream = sink;
        while (!ended && stream != null && !stream.full()) {
            Item first = queue.poll();
            if (first == null) {
                break;
            }
            switch (first) {
                case Item.Message(ByteString bytes) -> stream.write(batch(bytes));
                case Item.Complete complete -> {
                    abandon();
                    end.complete();
                }
                case Item.Failed(GrpcException reason) -> {
                    abandon();
                    end.fail(reason);
                }
            }
        }
        if (wasFull && queuedBytes.get() < MARK_BYTES && !ended) {
            wasFull = false;
            Runnable action = onReady;
            if (action != null) {
                action.run();
            }
        }
    }

    private List<ByteString> batch(ByteString first) {
        long size = (long) first.size() + Frames.HEADER_BYTES;
        if (size >= BATCH_BYTES || !(queue.peek() instanceof Item.Message)) {
            queuedBytes.addAndGet(-size);
            return List.of(first);
        }
        List<ByteString> batch = new ArrayList<>();
        batch.add(first);
        while (size < BATCH_BYTES && queue.peek() instanceof Item.Message(ByteString next)) {
            queue.poll();
            batch.add(next);
            size += next.size() + Frames.HEADER_BYTES;
        }
        queuedBytes.addAndGet(-size);
        return batch;
    }
}
