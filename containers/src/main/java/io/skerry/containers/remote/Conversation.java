package io.skerry.containers.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.containers.containerd.Message;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One side of a conversation between a client and a host: messages in both directions, for threads
 * that may block. Each part of a file or of an output is acknowledged when the other side has taken
 * it, and at most {@value #MOST_UNTAKEN} are on their way; so whoever passes a conversation on may
 * pass on each message as it comes. A side that sends more is refused, since what has come is kept
 * in memory.
 */
final class Conversation implements GrpcInbound<UnknownFieldSet> {
    static final GrpcMethod<UnknownFieldSet, UnknownFieldSet> METHOD =
            new GrpcMethod<>(
                    "skerry.containers.v1.Host", "Converse", Message.PARSER, Message.PARSER);

    /** The machine that is meant, in a client's first message. */
    static final int MACHINE = 1;

    /** What is wanted of it, in the same. */
    static final int REQUEST = 2;

    /** The outcome of a request, as JSON; the last message of a host. */
    static final int RESULT = 3;

    /** A number of parts that were taken. */
    static final int TAKEN = 4;

    /** A part: of a file or of standard input from a client, of standard output from a host. */
    static final int DATA = 5;

    /** A part of standard error. */
    static final int ERROR_OUTPUT = 6;

    /** There is nothing more to come of the file or of standard input. */
    static final int END = 7;

    /** Rows and columns of a terminal, as {@code ROWS COLUMNS}. */
    static final int WINDOW = 8;

    /** Bytes of a part. */
    static final int PART_BYTES = 256 << 10;

    private static final int MOST_UNTAKEN = 8;
    private static final int MOST_WAITING = 64;
    private static final int MOST_BYTES = 2 * PART_BYTES;
    private static final long LOOK_EVERY_MILLIS = 100;

    private sealed interface Event {}

    private record Received(Message message) implements Event {}

    private record Closed(@Nullable GrpcException reason) implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Semaphore window = new Semaphore(MOST_UNTAKEN);

    /** Parts that came and of which the other side has not been told that they were taken. */
    private final AtomicInteger untaken = new AtomicInteger();

    private final CompletableFuture<GrpcOutbound> out = new CompletableFuture<>();
    private volatile @Nullable Closed closed;
    private volatile @Nullable GrpcOutbound passedOn;

    /** Tells where messages go to; until then senders wait. */
    Conversation to(GrpcOutbound outbound) {
        out.complete(outbound);
        return this;
    }

    void send(Message message) {
        // Before it leaves: the other side may answer with a part at once.
        untaken.addAndGet(-Math.clamp(message.number(TAKEN), 0, MOST_UNTAKEN));
        out.join().send(message.fields().toByteString());
    }

    /** Sends a part, and waits while too many are on their way. */
    void sendPart(int field, byte[] bytes, int length) throws GrpcException, InterruptedException {
        while (!window.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            Closed end = closed;
            if (end != null) {
                throw end.reason() != null
                        ? end.reason()
                        : new GrpcException(GrpcCode.CANCELLED, "the other side wants no more");
            }
        }
        send(Message.EMPTY.with(field, ByteString.copyFrom(bytes, 0, length)));
    }

    /**
     * The next message. A part is acknowledged by taking it.
     *
     * @return null when the other side has ended the conversation in order
     * @throws GrpcException when it ended it otherwise, or nothing came in time
     */
    @Nullable Message next(Duration patience) throws GrpcException, InterruptedException {
        Event event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return switch (event) {
            case null ->
                    throw new GrpcException(
                            GrpcCode.DEADLINE_EXCEEDED,
                            "no answer within " + patience.toSeconds() + " s");
            case Received(Message message) -> {
                if (message.has(DATA) || message.has(ERROR_OUTPUT)) {
                    send(Message.EMPTY.with(TAKEN, 1));
                }
                yield message;
            }
            case Closed(GrpcException reason) -> {
                events.add(event);
                if (reason != null) {
                    throw reason;
                }
                yield null;
            }
        };
    }

    /** From now on gives each message, and its end, to somebody else instead of keeping it. */
    synchronized void passOnTo(GrpcOutbound other) {
        passedOn = other;
        for (Event event = events.poll(); event != null; event = events.poll()) {
            keepOrPassOn(event);
        }
    }

    private synchronized void keepOrPassOn(Event event) {
        GrpcOutbound other = passedOn;
        if (other == null) {
            events.add(event);
            return;
        }
        switch (event) {
            case Received(Message message) -> other.send(message.fields().toByteString());
            case Closed(GrpcException reason) ->
                    other.fail(
                            reason != null
                                    ? reason
                                    : new GrpcException(GrpcCode.CANCELLED, "the client ended"));
        }
    }

    /** Ends it in order, from the host's side. */
    void complete() {
        out.join().complete();
    }

    void fail(GrpcException reason) {
        out.join().fail(reason);
    }

    @Override
    public void message(UnknownFieldSet fields) {
        if (closed != null) {
            return;
        }
        var message = new Message(fields);
        String excess = excess(message);
        if (!excess.isEmpty()) {
            var reason = new GrpcException(GrpcCode.RESOURCE_EXHAUSTED, excess);
            closed(reason);
            var _ = out.thenAccept(outbound -> outbound.fail(reason));
        } else if (message.number(TAKEN) > 0 && passedOn == null) {
            window.release((int) Math.min(message.number(TAKEN), MOST_UNTAKEN));
        } else {
            keepOrPassOn(new Received(message));
        }
    }

    /** What is too much of a message that has come; empty: nothing. */
    private String excess(Message message) {
        // A host's last message may be a long list; the transport limits it.
        if (!message.has(RESULT) && message.fields().getSerializedSize() > MOST_BYTES) {
            return "a message has more than " + MOST_BYTES + " bytes";
        }
        if (events.size() >= MOST_WAITING) {
            return "more than " + MOST_WAITING + " messages wait";
        }
        boolean part = message.has(DATA) || message.has(ERROR_OUTPUT);
        if (part && untaken.incrementAndGet() > MOST_UNTAKEN) {
            return "more than " + MOST_UNTAKEN + " parts came that were not taken yet";
        }
        return "";
    }

    @Override
    public void halfClosed() {}

    @Override
    public void closed(@Nullable GrpcException reason) {
        if (closed != null) {
            return; // this side has refused more
        }
        var end = new Closed(reason);
        closed = end;
        keepOrPassOn(end);
    }
}
