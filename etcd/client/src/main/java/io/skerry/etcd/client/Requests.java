package io.skerry.etcd.client;

import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcTransport;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes blocking requests of transport calls and repeats those that may be repeated, until the
 * request's time is over. Thread-safe.
 */
final class Requests {
    /** What may be repeated when no answer came. */
    enum Repeat {
        /** The request changes nothing, or a second time no more: repeat after any loss. */
        ALWAYS,
        /** Repeat only what certainly was not carried out. */
        IF_NEVER_SENT
    }

    /** A response and whether an earlier try may have been carried out. */
    record Answer<R>(R response, boolean repeated) {}

    private static final Duration READ_ATTEMPT = Duration.ofSeconds(2);
    private static final long FIRST_PAUSE_MILLIS = 20;

    /** A member says so before it does anything, or of what never left it. */
    private static final String NO_LEADER = "etcdserver: no leader";

    private static final long LONGEST_PAUSE_MILLIS = 500;
    private static final long NONE = -1;

    private final GrpcTransport transport;
    private final Duration timeout;
    private final @Nullable Login login;

    Requests(GrpcTransport transport, Duration timeout, @Nullable Login login) {
        this.transport = transport;
        this.timeout = timeout;
        this.login = login;
    }

    <Q extends MessageLite, R extends MessageLite> R read(GrpcMethod<Q, R> method, Q request)
            throws EtcdException, InterruptedException {
        return call(method, request, Repeat.ALWAYS).response();
    }

    <Q extends MessageLite, R extends MessageLite> R write(GrpcMethod<Q, R> method, Q request)
            throws EtcdException, InterruptedException {
        return call(method, request, Repeat.IF_NEVER_SENT).response();
    }

    <Q extends MessageLite, R extends MessageLite> Answer<R> call(
            GrpcMethod<Q, R> method, Q request, Repeat repeat)
            throws EtcdException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long pauseMillis = FIRST_PAUSE_MILLIS;
        boolean maybeApplied = false;
        long worn = NONE;
        while (true) {
            Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
            boolean briefly = repeat == Repeat.ALWAYS && left.compareTo(READ_ATTEMPT) > 0;
            GrpcException failure;
            long token = NONE;
            try {
                token = login == null ? 0 : login.ready(worn, left);
                R response = transport.unary(method, request, briefly ? READ_ATTEMPT : left).get();
                return new Answer<>(response, maybeApplied);
            } catch (ExecutionException e) {
                failure = GrpcException.from(e);
            } catch (GrpcException e) {
                failure = e;
            }
            boolean untried = failure.neverSent() || NO_LEADER.equals(failure.getMessage());
            boolean unsent = untried || token == NONE;
            boolean lost =
                    failure.code() == GrpcCode.UNAVAILABLE
                            || failure.code() == GrpcCode.DEADLINE_EXCEEDED;
            maybeApplied |= lost && !unsent;
            // Once only: a fresh token that is refused would be refused again.
            boolean tokenWorn =
                    login != null && token != NONE && worn == NONE && Login.refused(failure);
            worn = tokenWorn ? token : worn;
            boolean again = tokenWorn || untried || (lost && (unsent || repeat == Repeat.ALWAYS));
            long pause = pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis);
            if (!again || System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) >= end) {
                throw new EtcdException("etcd " + method.name() + " failed", failure, maybeApplied);
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
    }
}
