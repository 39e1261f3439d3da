package io.skerry.etcd.server.consensus;

import io.skerry.etcd.server.consensus.peer.Versions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the leader's member can do and tell about who votes. The log's own configuration follows the
 * roster: whoever is in it and has caught up is taken in by the leader. Thread-safe; futures fail
 * with {@link io.skerry.base.grpc.GrpcException}.
 */
public interface Quorum {
    /** For how long a peer has been connected; null if it is not. Empty is 0 for this member. */
    @Nullable Duration connectedFor(long member);

    /** What a member understands; null if it was never connected. */
    @Nullable Versions versions(long member);

    /**
     * Takes a member out of the log's configuration, before it is taken off the roster: what would
     * be left undone by a leader that fails meanwhile is nothing but an attempt.
     */
    CompletableFuture<Void> exclude(long member);

    /**
     * Completes when the log's configuration is what the roster says, or after a short patience.
     */
    CompletableFuture<Void> settle();

    /** Hands leadership to a voter; completes when it leads. */
    CompletableFuture<Void> transfer(long member);

    /** The newest entry that a member has applied. */
    CompletableFuture<Long> progress(long member);
}
