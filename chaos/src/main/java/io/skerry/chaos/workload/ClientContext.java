package io.skerry.chaos.workload;

import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcTransport;
import io.skerry.chaos.history.History;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * What one client has: members to ask, chance, the history. Nothing is ever asked twice behind its
 * back. Used by the client's thread only.
 */
final class ClientContext {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final int LONGEST_PAUSE_MILLIS = 25;

    private static final int UNREACHABLE_PAUSE_MILLIS = 50;

    private final int number;
    private final Random random;
    private final List<GrpcTransport> members;
    private final History history;
    private final BooleanSupplier stopped;
    private final AtomicLong made;
    private long values;

    /**
     * @param made counts what all clients of the workload did
     */
    ClientContext(
            int number,
            Random random,
            List<GrpcTransport> members,
            History history,
            AtomicLong made,
            BooleanSupplier stopped) {
        this.number = number;
        this.random = random;
        this.members = List.copyOf(members);
        this.history = history;
        this.made = made;
        this.stopped = stopped;
    }

    int number() {
        return number;
    }

    Random random() {
        return random;
    }

    History history() {
        return history;
    }

    long now() {
        return history.now();
    }

    boolean stopped() {
        return stopped.getAsBoolean();
    }

    /** How much all clients of this workload did up to now; counts one more. */
    long count() {
        return made.getAndIncrement();
    }

    /** A value that no client writes a second time. */
    String newValue() {
        return "c" + number + "-" + values++;
    }

    int anyMember() {
        return random.nextInt(members.size());
    }

    GrpcTransport member(int i) {
        return members.get(i);
    }

    /** Asks any member. */
    <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
            throws GrpcException, InterruptedException {
        try {
            return members.get(anyMember()).unary(method, request, ANSWER_LIMIT).get();
        } catch (ExecutionException e) {
            GrpcException failure = GrpcException.from(e);
            history.failed(failure.code() + " " + failure.getMessage());
            if (failure.neverSent()) {
                TimeUnit.MILLISECONDS.sleep(UNREACHABLE_PAUSE_MILLIS);
            }
            throw failure;
        }
    }

    /** Whether a request that failed so was certainly not carried out. */
    static boolean notCarriedOut(GrpcException failure) {
        return failure.neverSent()
                || switch (failure.code()) {
                    case INVALID_ARGUMENT,
                            NOT_FOUND,
                            ALREADY_EXISTS,
                            PERMISSION_DENIED,
                            RESOURCE_EXHAUSTED,
                            FAILED_PRECONDITION,
                            OUT_OF_RANGE,
                            UNIMPLEMENTED,
                            UNAUTHENTICATED ->
                            true;
                    case OK,
                            CANCELLED,
                            UNKNOWN,
                            DEADLINE_EXCEEDED,
                            ABORTED,
                            INTERNAL,
                            UNAVAILABLE,
                            DATA_LOSS ->
                            false;
                };
    }

    /** Leaves the members some time. */
    void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
    }
}
