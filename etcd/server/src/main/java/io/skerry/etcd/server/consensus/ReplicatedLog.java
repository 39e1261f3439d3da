package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The one ordered log of commands that all members share. Thread-safe; nothing here blocks the
 * caller. Futures fail with {@link io.skerry.base.grpc.GrpcException} whose code and message are
 * etcd's ({@code UNAVAILABLE "etcdserver: no leader"} and the like), and complete on threads that
 * must not be blocked for long.
 */
public interface ReplicatedLog extends AutoCloseable {

    /**
     * Appends a command on any member; followers forward it to the leader. Completes when the
     * leader has applied it, and not before this member has. A future that fails with {@code
     * UNAVAILABLE} leaves it open whether the command took effect.
     */
    CompletableFuture<CommandResult> propose(ByteString command);

    /**
     * Completes with an applied index that the local machine has reached and that covers every
     * command acknowledged anywhere before this call: a local read after it is linearizable. All
     * callers who wait share one round.
     */
    CompletableFuture<Long> readIndex();

    /** A moment's view; cheap enough to be asked for each request. */
    RaftStatus status();

    /**
     * Asks the handler of that name on the leader's member (possibly this one). For what only the
     * leader knows and what needs no log entry, like the clocks of leases.
     */
    CompletableFuture<ByteString> askLeader(String service, ByteString request);

    /**
     * Registers the handler for {@link #askLeader}. It runs on the leader's member on a thread that
     * it must not block; a {@link io.skerry.base.grpc.GrpcException} reaches the asker as it is.
     */
    void onAsk(String service, Function<ByteString, CompletionStage<ByteString>> handler);

    /**
     * For how long at least no leader before a term has confirmed anything: no write, no {@link
     * #readIndex}. To be asked on the member that leads in this term; fails where no majority can
     * tell, or nobody else votes.
     */
    CompletableFuture<Duration> silenceBefore(long term);

    /** Hands leadership over where there is someone to take it, then stops this member. */
    @Override
    void close();
}
