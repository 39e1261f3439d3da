package io.skerry.containers.containerd;

import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one call that answers more than once, for a thread that waits for them. Their
 * number is bounded by what was asked: a small blob, a list, one answer for each part sent.
 */
final class Answers implements GrpcInbound<UnknownFieldSet>, AutoCloseable {
    private sealed interface Event {}

    private record Answer(Message message) implements Event {}

    private record End(@Nullable GrpcException failure) implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private @Nullable GrpcOutbound out;

    /** Has come and is still to be taken; the reading thread's own. */
    private @Nullable Event head;

    /** Sends the only request. */
    void open(GrpcOutbound outbound, Message request) {
        out = outbound;
        outbound.send(request.fields().toByteString());
        outbound.complete();
    }

    /** Where further requests go; ends the call on {@link #close}. */
    void attach(GrpcOutbound outbound) {
        out = outbound;
    }

    /** Whether an answer, or the end of them, has come by then. */
    boolean hasCome(Duration deadline) throws InterruptedException {
        if (head == null) {
            head = events.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
        }
        return head != null;
    }

    /** The next answer; empty when all have come. */
    Optional<Message> next(Duration deadline) throws GrpcException, InterruptedException {
        boolean _ = hasCome(deadline);
        Event event = head;
        head = null;
        return switch (event) {
            case null ->
                    throw new GrpcException(
                            GrpcCode.DEADLINE_EXCEEDED,
                            "containerd did not answer within " + deadline.toSeconds() + " s");
            case Answer(Message message) -> Optional.of(message);
            case End(GrpcException failure) -> {
                events.add(event);
                if (failure != null) {
                    throw failure;
                }
                yield Optional.empty();
            }
        };
    }

    @Override
    public void message(UnknownFieldSet message) {
        events.add(new Answer(new Message(message)));
    }

    @Override
    public void halfClosed() {}

    @Override
    public void closed(@Nullable GrpcException reason) {
        events.add(new End(reason));
    }

    @Override
    public void close() {
        GrpcOutbound open = out;
        if (open != null) {
            open.fail(new GrpcException(GrpcCode.CANCELLED, "no more answers are wanted"));
        }
    }
}
