package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.time.MonotonicClock;
import io.skerry.base.time.PauseAwareClock;
import io.skerry.etcd.server.consensus.rpc.LeaderContact;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out for how long no earlier leader can have confirmed anything.
 *
 * <p>Each confirmation had the word of a majority, so that of any majority one at least has noted
 * it. Where a leader has begun, a majority obeys it and no earlier one can confirm any more, so the
 * newest note of a majority is a bound for all that was ever confirmed before.
 */
final class LeaderSilence {
    private static final String SERVICE = "leader-silence";
    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(200);

    /** A tick later than this was no late tick: the process was frozen. */
    private static final Duration LATEST_TICK = Duration.ofSeconds(1);

    private final long self;
    private final PauseAwareClock ticked =
            new PauseAwareClock(MonotonicClock.system(), TICK, LATEST_TICK);
    private final MonotonicClock clock = ticked.exact();
    private final LeaderContact contact = new LeaderContact(clock);
    private final PeerQuestions peers;
    private final Supplier<@Nullable Set<Long>> voters;
    private final ScheduledExecutorService timer;
    private final Executor executor;

    /**
     * @param voters who votes, if that is certain and this member leads; may block for a moment
     */
    LeaderSilence(
            long self,
            PeerQuestions peers,
            Supplier<@Nullable Set<Long>> voters,
            ScheduledExecutorService timer,
            Executor executor) {
        this.self = self;
        this.peers = peers;
        this.voters = voters;
        this.timer = timer;
        this.executor = executor;
        peers.answer(SERVICE, this::answer);
    }

    /** Notes when leaders are heard of here. */
    LeaderContact contact() {
        return contact;
    }

    /** Tells pauses of this process from silence, from now on. */
    void keepTime() {
        var _ =
                timer.scheduleWithFixedDelay(
                        ticked::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<ByteString> answer(ByteString request) {
        Duration silence = contact.silenceBefore(number(request));
        return silence == null
                ? CompletableFuture.failedFuture(Failures.leaderChanged())
                : CompletableFuture.completedFuture(number(silence.toNanos()));
    }

    /** As {@link ReplicatedLog#silenceBefore}. */
    CompletableFuture<Duration> before(long term) {
        var search = new Search(term);
        search.begin();
        return search.found;
    }

    private final class Search {
        private final long term;
        private final CompletableFuture<Duration> found = new CompletableFuture<>();

        /** When each voter last heard of an earlier leader, by this member's clock. */
        private final Map<Long, Duration> heard = new ConcurrentHashMap<>();

        private int tries;

        Search(long term) {
            this.term = term;
        }

        void begin() {
            execute(this::look);
        }

        private void execute(Runnable step) {
            try {
                executor.execute(step);
            } catch (RejectedExecutionException e) {
                found.completeExceptionally(Failures.stopped());
            }
        }

        private void look() {
            if (found.isDone()) {
                return;
            }
            if (++tries > TRIES) {
                found.completeExceptionally(
                        new GrpcException(
                                GrpcCode.UNAVAILABLE, "no majority tells when it last heard"));
                return;
            }
            Set<Long> asked = voters.get();
            if (asked != null) {
                asked.stream().filter(voter -> !heard.containsKey(voter)).forEach(this::ask);
            }
            try {
                var _ = timer.schedule(this::begin, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                found.completeExceptionally(Failures.stopped());
            }
        }

        private void ask(long voter) {
            if (voter == self) {
                Duration silence = contact.silenceBefore(term);
                if (silence != null) {
                    heard(voter, silence);
                }
                return;
            }
            var _ =
                    peers.ask(voter, SERVICE, number(term), PATIENCE)
                            .thenAccept(silence -> {
                                heard(voter, Duration.ofNanos(number(silence)));
                                execute(this::decide);
                            });
        }

        private void heard(long voter, Duration silence) {
            heard.put(voter, clock.now().minus(silence));
        }

        private void decide() {
            Set<Long> asked = voters.get();
            if (asked == null) {
                return;
            }
            var times = asked.stream().filter(heard::containsKey).map(heard::get).toList();
            if (times.size() > asked.size() / 2) {
                found.complete(clock.now().minus(Collections.max(times)));
            }
        }
    }

    private static ByteString number(long number) {
        return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }

    private static long number(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer().getLong();
    }
}
