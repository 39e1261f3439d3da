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
 * them as HTTP/2's flow control allows. Messages added in one burst leave together, in frames as
 * large as may be.
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

        record Alike(ByteString first, List<ByteString> middles, ByteString last) implements Item {}

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
    // Of the messages alike that were taken last, which are left to write; of the loop alone.
    private @Nullable AlikeMessages alike;

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

    /** Drops what is queued and ignores all further calls; called on the loop. */
    void abandon() {
        ended = true;
        alike = null;
        queue.clear();
        queuedBytes.set(0);
    }

    @Override
    public void send(ByteString encodedMessage) {
        if (ended) {
            return;
        }
        count((long) encodedMessage.size() + Frames.HEADER_BYTES);
        add(new Item.Message(encodedMessage));
    }

    @Override
    public void sendAlike(ByteString first, List<ByteString> middles, ByteString last) {
        if (ended || middles.isEmpty()) {
            return;
        }
        count(AlikeBody.framedBytes(first, middles, last));
        add(new Item.Alike(first, List.copyOf(middles), last));
    }

    private void count(long bytes) {
        if (queuedBytes.addAndGet(bytes) >= MARK_BYTES) {
            wasFull = true;
        }
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
        boolean more = true;
        while (more && !ended && stream != null && !stream.full()) {
            more = writeNext(stream);
        }
        if (wasFull && queuedBytes.get() < MARK_BYTES && !ended) {
            wasFull = false;
            Runnable action = onReady;
            if (action != null) {
                action.run();
            }
        }
    }

    /** Takes the next from the queue, as much as leaves at once; false if there is nothing. */
    private boolean writeNext(SendSink stream) {
        AlikeMessages begun = alike;
        if (begun != null) {
            writeSome(begun, stream);
            return true;
        }
        switch (queue.poll()) {
            case null -> {
                return false;
            }
            case Item.Message(ByteString bytes) -> writeBatch(bytes, stream);
            case Item.Alike(var first, var middles, var last) ->
                    writeSome(new AlikeMessages(first, middles, last), stream);
            case Item.Complete complete -> {
                abandon();
                end.complete();
            }
            case Item.Failed(GrpcException reason) -> {
                abandon();
                end.fail(reason);
            }
        }
        return true;
    }

    private void writeSome(AlikeMessages messages, SendSink stream) {
        AlikeBody body = messages.next(Math.min(BATCH_BYTES, stream.room()));
        alike = messages.isEmpty() ? null : messages;
        queuedBytes.addAndGet(-body.size());
        stream.write(body, body.middles().size());
    }

    private void writeBatch(ByteString first, SendSink stream) {
        int most = Math.min(BATCH_BYTES, stream.room());
        long size = (long) first.size() + Frames.HEADER_BYTES;
        List<ByteString> batch = List.of(first);
        if (size < most && queue.peek() instanceof Item.Message) {
            batch = new ArrayList<>(batch);
            while (queue.peek() instanceof Item.Message(ByteString next)
                    && size + next.size() + Frames.HEADER_BYTES <= most) {
                queue.poll();
                batch.add(next);
                size += next.size() + Frames.HEADER_BYTES;
            }
        }
        queuedBytes.addAndGet(-size);
        stream.write(new MessageBody(batch), batch.size());
    }
}
