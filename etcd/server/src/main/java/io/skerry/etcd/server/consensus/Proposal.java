package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;

/**
 * A command that waits to be applied.
 *
 * @param forwarded came from a follower; never forwarded again
 * @param deadlineNanos of {@link System#nanoTime}
 */
record Proposal(
        ByteString command,
        boolean forwarded,
        long deadlineNanos,
        CompletableFuture<Applied> outcome) {

    /** What came of it, and the log entry that made it so. */
    record Applied(long index, CommandResult result) {}
}
